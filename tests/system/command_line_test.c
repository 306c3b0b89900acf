/* What is typed at the program, well or badly: each line's status and what it says. Status 0: it worked; 1: it
 * did not; 2: it was not understood; never a crash, and nothing made where one only looked. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../support/checks.h"
#include "../support/folder.h"
#include "../support/server.h"

struct scene {
    struct checks checks;
    struct arena arena;
    struct folder folder;
    const char *program;
};

struct typed {
    const char *line;   /* behind the program's name; runs in the shell, in the scene's folder */
    int status;
    const char *says;   /* part of what it says, or NULL */
};

static const struct typed lines[] = {
    { "", 2, "usage: beckon COMMAND" },
    { "--help", 0, "usage: beckon COMMAND" },
    { "-h", 0, "usage: beckon COMMAND" },
    { "--version", 0, "beckon " BECKON_VERSION },
    { "version --json", 0, "\"version\":\"" BECKON_VERSION "\"" },
    { "srve", 2, "did you mean `serve`?" },
    { "help srve", 2, "did you mean `serve`?" },
    { "help agent lst", 2, "did you mean `agent list`?" },
    { "agent", 2, "`agent` needs a second word" },
    { "agent lst", 2, "did you mean `agent list`?" },
    { "agent --help", 0, "usage: beckon agent remove" },
    { "agent add --help", 0, "--password-file" },
    { "help tail", 0, "-f, --follow" },
    { "help --man | if command -v man >/dev/null; then man -l -; else sed -n 's/^.SH //p'; fi | grep -c 'EXIT STATUS'", 0, "1" },
    { "help --completion | bash -n", 0, NULL },
    { "help --openapi | jq -r .openapi", 0, "3.1.0" },
    { "serve", 2, "`serve` needs DIR" },
    { "serve a b", 2, "does not know what to do with `b`" },
    { "serve --prot 1 a", 2, "did you mean `--port`?" },
    { "serve --port abc a", 2, "give a whole number from 0 to 65535" },
    { "serve --port", 2, "`--port` needs a value" },
    { "serve --port 1 --port 2 a", 2, "is given twice" },
    { "serve --quiet=3 a", 2, "takes no value" },
    { "serve nowhere", 1, "there is no such folder" },
    { "check nowhere", 1, "there is no such folder" },
    { "init ws", 0, "beckon serve ws" },
    { "init ws", 1, "is not empty" },
    { "check ws", 0, "no mistakes" },
    { "check --json ws | jq -r .ok", 0, "true" },
    { "ask ws 'where is my parcel?'", 0, "delivery-time" },
    { "ask ws 'where is my parcel?' --json | jq -r .decision", 0, "answer" },
    { "ask ws $(printf '\\377')", 2, "must be UTF-8" },
    { "tail ws", 1, "has no log yet" },
    { "verify ws", 1, "has no log yet" },
    { "agent list ws", 1, "has no log yet" },
    { "erase ws 1", 1, "has no log yet" },
    { "rebuild ws", 1, "has no log yet" },
    { "backup ws copy", 1, "has no log yet" },
    { "reload ws", 1, "no server uses that folder" },
    { "version >/dev/null; test ! -e ws/data", 0, NULL }, /* none of these made anything */
    { "init act >/dev/null; mkdir -p act/actions; printf 'url: http://127.0.0.1:1/{order}\\nparameters:\\n  - { name: order, pattern: \"W-[0-9]{3}\", "
      "question: Which? }\\n' >act/actions/look.yaml; $BECKON action act look order=W-12", 2, "does not fit its pattern W-[0-9]{3}" },
    { "action act look", 2, "order=… is missing" },
    { "action act look order=W-123", 0, "GET http://127.0.0.1:1/W-123" },
    { "agent add ws kim --role king", 2, "`--role king`: give agent, supervisor or administrator" }, /* before a password is asked for */
    { "agent change ws kim --pool home", 2, "`--pool home`: give employee, on_demand or outsourced" },
    { "agent add ws kim --pool deep --password-file pw", 2, "`--pool deep`" },
    { "agent add ws kim --skills dancing --password-file pw", 1, "skills: " },
    { "agent add ws kim --capacity 21 --password-file pw", 2, "from 1 to 20" },
    { "agent add ws $(printf '\\377') --password-file pw", 2, "not valid UTF-8" },
    { "agent add ws '' --password-file pw", 1, "login: " },
    { "agent add ws $(head -c 300 /dev/zero | tr '\\0' a) --password-file pw", 1, "login: " },
    { "agent add ws kim --password-file nowhere", 1, "cannot read nowhere" },
    { "agent add ws kim --password-file short", 1, "8 to 256 characters" },
    { "agent add ws Kim --name \"$(printf 'K\\302\\233im')\" --password-file pw --json | jq -r .agent", 0, "1" },
    { "agent add ws kIM --password-file pw", 1, "login: That login is in use" },
    { "agent list ws", 0, "K\\u009bim" },
    { "agent list ws --json | jq -r '.[0].login'", 0, "Kim" },
    { "agent change ws kim", 2, "say what shall change" },
    { "agent change ws KIM --capacity 5", 0, NULL },
    { "agent change ws kim --languages tlh", 1, "languages: " },
    { "agent list ws --json | jq -r '.[0].capacity'", 0, "5" },
    { "agent password ws nobody --password-file pw", 1, "nobody has the login" },
    { "tail ws --from 1 | wc -l", 0, "3" },   /* the settings' event too is one line */
    { "tail ws --from 1 --json | jq -r .type | head -1", 0, "workspace.configured" },
    { "tail ws --from 2 --open", 0, "K\\u009bim" },
    { "tail ws --from 0", 2, "from 1 to" },
    { "verify ws", 0, "head 3:" },
    { "verify --json ws | jq -r .ok", 0, "true" },
    { "erase ws 1", 1, "there is no customer 1" },
    { "erase ws anna", 2, "no customer's number" },
    { "backup ws copy --keys keys", 0, "copied the log" },
    { "restore ws copy", 1, "is there already" },
    { "restore nowhere copy", 1, "cannot read the folder nowhere" },
    { "init two && cp -p ws/data/master.key key && $BECKON restore two pw", 1, "no backup that can be used" },
    { "restore two copy", 0, "no keys were given" },
    { "agent list two", 1, "master.key" },
    { "version >/dev/null && cp -p key two/data/master.key && $BECKON agent list two", 0, "agent         employee" },
    { "agent remove ws kim", 0, NULL },
    { "agent remove ws kim", 1, "nobody has the login" },
    { "rebuild ws", 0, "the views hold 4 events" },
    /* A back end of one's own on the demo's port is not the demo's, and passwords do not go into a log. */
    { "version >/dev/null; printf 'actions:\\n  base_url: http://127.0.0.1:8181\\nstaff:\\n  - login: zoe\\n    name: Zoe\\n    "
      "password: zoes-secret\\n' >> ws/workspace.yaml; timeout -s TERM 4 $BECKON serve ws --port 0 --quiet > out; cat out", 0, "Ctrl-C stops it" },
    { "version >/dev/null; grep -c 'demo firm\\|zoes-secret' out", 1, "0" },
    { "scenario nowhere.scn", 1, "name another with --workspace DIR" },
    { "scenario --workspace ws nowhere.scn", 1, "cannot read nowhere.scn" },
    { "version >/dev/null; d=$PWD/a-folder-for-what-is-temporary-with-a-long-name; mkdir $d; printf 'story \"x\"\ncustomer anna open\n' > x.scn; "
      "TMPDIR=$d $BECKON scenario --start --workspace ws x.scn", 0, "1 passed" },
    { "version > /dev/full", 74, NULL },
};

int main(int argc, char **argv)
{
    UNUSED(argc);
    struct scene scene = { 0 };
    char room[4096];
    folder_make(&scene.folder);
    scene.program = realpath(server_program(&scene.arena, argv[0]), room);
    must(scene.program);
    setenv("BECKON", scene.program, 1);
    file_write(folder_file(&scene.folder, "pw"), STR("a long password\n"));
    file_write(folder_file(&scene.folder, "short"), STR("short\n"));
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct buf out;
        const struct typed *typed = &lines[i];
        buf_init(&out, 1 << 22);
        int seen = shell(&out, "exec 2>&1; cd %s; $BECKON %s", scene.folder.path, typed->line);
        bool fits = seen == typed->status && (!typed->says || str_find(buf_str(&out), str_of(typed->says), 0) >= 0);
        check(&scene.checks, fits, "beckon %s: %d %s", typed->line, typed->status, typed->says ? typed->says : "");
        if (!fits) printf("# status %d: %s\n", seen, buf_cstr(&out));
        buf_free(&out);
    }
    folder_remove(&scene.folder);
    arena_free(&scene.arena);
    return checks_end(&scene.checks);
}
