/* words.h - the assistant's own sentences, and what customers say beside the matter.
 *
 * English, Swedish, German, Spanish; other languages get English. None of them states a fact about
 * the company or the customer: those come from the workspace's files and from actions only. */
#ifndef ASSISTANT_WORDS_H
#define ASSISTANT_WORDS_H

#include "assistant/tokens.h"

/* X(NAME, en, sv, de, es) */
#define SENTENCES(X) \
    X(HAND_WORDS, "Of course. I am passing you to a person; they will see what we have written.", \
      "Självklart. Jag kopplar dig till en människa, som ser vad vi har skrivit.", \
      "Natürlich. Ich gebe an einen Menschen weiter, der sieht, was wir geschrieben haben.", \
      "Por supuesto. Le paso con una persona, que verá lo que hemos escrito.") \
    X(HAND_COMPLAINT, "I am sorry that it came to this. I am passing you to a person who will look into it.", \
      "Jag beklagar att det har blivit så här. Jag kopplar dig till en människa som tittar på det.", \
      "Das tut mir leid. Ich gebe an einen Menschen weiter, der sich darum kümmert.", \
      "Lamento que haya llegado a esto. Le paso con una persona que lo revisará.") \
    X(HAND_VULNERABLE, "I am sorry to hear that. A person should take care of this with you; I am passing you on now.", \
      "Det gör mig ledsen att höra. En människa ska hjälpa dig med det här; jag kopplar dig vidare nu.", \
      "Das tut mir leid. Darum soll sich ein Mensch mit Ihnen kümmern; ich gebe jetzt weiter.", \
      "Lo siento mucho. Una persona debe ocuparse de esto con usted; le paso ahora.") \
    X(HAND_DANGER, "I am passing you to a person right away. If you or somebody else is in danger now, please call the " \
      "emergency number where you are.", \
      "Jag kopplar dig till en människa genast. Är du eller någon annan i fara nu, ring nödnumret där du är.", \
      "Ich gebe sofort an einen Menschen weiter. Wenn Sie oder jemand anderes jetzt in Gefahr sind, rufen Sie bitte den Notruf.", \
      "Le paso ahora mismo con una persona. Si usted u otra persona está en peligro, llame al número de emergencias.") \
    X(HAND_FAILED, "I have not been able to help you with this, so I am passing you to a person.", \
      "Jag har inte kunnat hjälpa dig med det här, så jag kopplar dig till en människa.", \
      "Ich konnte Ihnen damit nicht helfen, deshalb gebe ich an einen Menschen weiter.", \
      "No he podido ayudarle con esto, así que le paso con una persona.") \
    X(HAND_ACTION, "I tried to look that up, but it did not work just now. I am passing you to a person who can.", \
      "Jag försökte ta reda på det, men det fungerade inte just nu. Jag kopplar dig till en människa som kan.", \
      "Ich wollte das nachsehen, aber es hat gerade nicht geklappt. Ich gebe an einen Menschen weiter, der das kann.", \
      "He intentado consultarlo, pero ahora mismo no ha funcionado. Le paso con una persona que puede hacerlo.") \
    X(HAND_CHANGE, "I tried to do that, but I cannot be sure that it worked. Please do not try again yet: I am passing you to a " \
      "person who will check it.", \
      "Jag försökte göra det, men jag kan inte vara säker på att det gick. Försök inte igen ännu: jag kopplar dig till en " \
      "människa som kontrollerar det.", \
      "Ich habe es versucht, bin aber nicht sicher, ob es geklappt hat. Bitte versuchen Sie es noch nicht erneut: ein Mensch " \
      "prüft das jetzt.", \
      "Lo he intentado, pero no puedo asegurar que haya funcionado. No lo intente otra vez todavía: le paso con una persona " \
      "que lo comprobará.") \
    X(HAND_REFUSED, "I asked our systems for that, and the answer was no. I am passing you to a person who will look into it.", \
      "Jag bad våra system om det, och svaret blev nej. Jag kopplar dig till en människa som tittar på det.", \
      "Ich habe das bei unseren Systemen angefragt, und die Antwort war Nein. Ich gebe an einen Menschen weiter, der sich das ansieht.", \
      "Lo he solicitado a nuestros sistemas y la respuesta ha sido que no. Le paso con una persona que lo revisará.") \
    X(HAND_POLICY, "A person takes care of this. I am passing you on, with what you wrote.", \
      "Det här tar en människa hand om. Jag kopplar dig vidare, med det du skrev.", \
      "Darum kümmert sich ein Mensch. Ich gebe weiter, mit dem, was Sie geschrieben haben.", \
      "De esto se ocupa una persona. Le paso, con lo que ha escrito.") \
    X(CLARIFY, "I am not quite sure what you mean. Is it one of these?", \
      "Jag är inte riktigt säker på vad du menar. Är det något av det här?", \
      "Ich bin nicht ganz sicher, was Sie meinen. Ist es eines davon?", \
      "No estoy del todo seguro de lo que quiere decir. ¿Es alguna de estas cosas?") \
    X(NOT_UNDERSTOOD, "I did not understand that. Can you say it in other words, or choose one of these?", \
      "Det där förstod jag inte. Kan du säga det med andra ord, eller välja något av det här?", \
      "Das habe ich nicht verstanden. Können Sie es anders sagen oder eines davon wählen?", \
      "No lo he entendido. ¿Puede decirlo con otras palabras o elegir una de estas opciones?") \
    X(PERSON, "Talk to a person", "Prata med en människa", "Mit einem Menschen sprechen", "Hablar con una persona") \
    X(YES, "Yes", "Ja", "Ja", "Sí") \
    X(NO, "No", "Nej", "Nein", "No") \
    X(CANCELLED, "All right, I have not changed anything. Is there anything else?", \
      "Okej, jag har inte ändrat något. Är det något mer?", \
      "Gut, ich habe nichts geändert. Kann ich sonst noch helfen?", \
      "De acuerdo, no he cambiado nada. ¿Necesita algo más?") \
    X(STOPPED, "All right, we leave that. Is there anything else?", "Okej, vi lämnar det. Är det något mer?", \
      "Gut, lassen wir das. Kann ich sonst noch helfen?", "De acuerdo, lo dejamos. ¿Necesita algo más?") \
    X(CODE_ON_ITS_WAY, "To be sure that it is you, I have sent you a code of six digits. Please type it here; it is good for ten minutes.", \
      "För att vara säker på att det är du har jag skickat en kod med sex siffror till dig. Skriv den här; den gäller i tio minuter.", \
      "Um sicher zu sein, dass Sie es sind, habe ich Ihnen einen Code mit sechs Ziffern geschickt. Bitte geben Sie ihn hier ein; er gilt zehn Minuten.", \
      "Para asegurarme de que es usted, le he enviado un código de seis cifras. Escríbalo aquí; vale diez minutos.") \
    X(CODE_JUST_SENT, "A code was sent to you less than a minute ago; it may still be on its way. Please type its six digits here, or ask for a new one in a minute.", \
      "För mindre än en minut sedan skickades en kod till dig; den kan vara på väg ännu. Skriv dess sex siffror här, eller be om en ny om en minut.", \
      "Vor weniger als einer Minute wurde Ihnen ein Code geschickt; er kann noch unterwegs sein. Bitte geben Sie seine sechs Ziffern hier ein, oder bitten " \
      "Sie in einer Minute um einen neuen.", \
      "Hace menos de un minuto se le envió un código; puede estar aún en camino. Escriba aquí sus seis cifras, o pida uno nuevo dentro de un minuto.") \
    X(CODE_WRONG, "That is not the code. Please look again and type its six digits.", "Det är inte koden. Titta igen och skriv de sex siffrorna.", \
      "Das ist nicht der Code. Bitte sehen Sie noch einmal nach und geben Sie die sechs Ziffern ein.", \
      "Ese no es el código. Mírelo otra vez y escriba las seis cifras.") \
    X(CODE_EXPIRED, "That code is no longer good.", "Den koden gäller inte längre.", "Dieser Code gilt nicht mehr.", "Ese código ya no vale.") \
    X(CODE_TYPE_IT, "Please type the six digits of the code that I have sent you.", "Skriv de sex siffrorna i koden som jag har skickat.", \
      "Bitte geben Sie die sechs Ziffern des Codes ein, den ich Ihnen geschickt habe.", "Escriba las seis cifras del código que le he enviado.") \
    X(CODE_AGAIN, "Send a new code", "Skicka en ny kod", "Einen neuen Code senden", "Enviar un código nuevo") \
    X(APPROVAL_ASKED, "A person has to allow this first, and is looking at it now. I tell you here as soon as it is decided; meanwhile, go on with " \
      "whatever you like.", \
      "En människa måste godkänna det här först och tittar på det nu. Jag säger till här så snart det är avgjort; fortsätt med vad du vill så länge.", \
      "Das muss erst ein Mensch erlauben, und der sieht es sich jetzt an. Ich sage Ihnen hier Bescheid, sobald es entschieden ist; machen Sie inzwischen " \
      "gern mit etwas anderem weiter.", \
      "Antes tiene que autorizarlo una persona, que ya lo está mirando. Se lo digo aquí en cuanto esté decidido; mientras tanto, siga con lo que quiera.") \
    X(APPROVAL_DONE, "It has been allowed, and it is done:", "Det är godkänt, och det är gjort:", "Es ist erlaubt und erledigt:", "Está autorizado y hecho:") \
    X(APPROVAL_FAILED, "It was allowed, but it did not work just now. A person sees to it:", "Det godkändes, men det gick inte just nu. En människa ordnar det:", \
      "Es wurde erlaubt, hat aber gerade nicht geklappt. Ein Mensch kümmert sich darum:", "Se autorizó, pero ahora no ha funcionado. Se ocupa una persona:") \
    X(APPROVAL_REFUSED, "A person has looked at it and could not allow it. Nothing has been changed. You can talk to a person about it at any time.", \
      "En människa har tittat på det och kunde inte godkänna det. Inget har ändrats. Du kan prata med en människa om det när som helst.", \
      "Ein Mensch hat es sich angesehen und konnte es nicht erlauben. Es wurde nichts geändert. Sie können jederzeit mit einem Menschen darüber sprechen.", \
      "Una persona lo ha mirado y no ha podido autorizarlo. No se ha cambiado nada. Puede hablar de ello con una persona en cualquier momento.") \
    X(ACTION_DONE, "Done:", "Gjort:", "Erledigt:", "Hecho:") \
    X(ACTION_NOT_DONE, "This did not come off:", "Det här gick inte:", "Das hat nicht geklappt:", "Esto no ha salido bien:") \
    X(STOPPED_HERE, "All right, I stop here.", "Okej, jag slutar här.", "Gut, ich höre hier auf.", "De acuerdo, lo dejo aquí.") \
    X(BEEN_DONE, "This has been done:", "Det här är gjort:", "Das ist erledigt:", "Esto está hecho:") \
    X(UNDONE, "I have undone this:", "Det här har jag tagit tillbaka:", "Das habe ich rückgängig gemacht:", "Esto lo he deshecho:") \
    X(NOT_UNDONE, "I could not undo this; a person sees to it:", "Det här kunde jag inte ta tillbaka; en människa ordnar det:", \
      "Das konnte ich nicht rückgängig machen; ein Mensch kümmert sich darum:", "Esto no lo he podido deshacer; se ocupa una persona:") \
    X(NOT_SURE, "I cannot be sure about this:", "Det här är jag inte säker på:", "Da bin ich nicht sicher:", "De esto no estoy seguro:") \
    X(NOT_DONE, "This has not been done:", "Det här är inte gjort:", "Das ist nicht erledigt:", "Esto no se ha hecho:") \
    X(ANYTHING_ELSE, "Is there anything else?", "Är det något mer?", "Kann ich sonst noch helfen?", "¿Necesita algo más?") \
    X(STILL_GOING_ON, "We were in the middle of something:", "Vi var mitt i något:", "Wir waren mitten in etwas:", "Estábamos a mitad de algo:") \
    X(SHALL_WE_GO_ON, "Shall we go on with it?", "Ska vi fortsätta med det?", "Sollen wir damit weitermachen?", "¿Seguimos con ello?") \
    X(BEGIN_ANEW, "How we do this has changed since you wrote last, so let us begin again.", \
      "Hur vi gör det här har ändrats sedan du skrev sist, så vi börjar om.", \
      "Wie wir das machen, hat sich seit Ihrer letzten Nachricht geändert, also fangen wir noch einmal an.", \
      "Desde su último mensaje ha cambiado cómo lo hacemos, así que empezamos de nuevo.") \
    X(YES_OR_NO, "Please answer yes or no.", "Svara ja eller nej.", "Bitte antworten Sie mit Ja oder Nein.", \
      "Responda sí o no, por favor.") \
    X(NOT_VALID, "That does not look right.", "Det där ser inte rätt ut.", "Das sieht nicht richtig aus.", \
      "Eso no parece correcto.") \
    X(WHICH_ONE, "Which one do you mean, then? Please tell me this:", "Vilken menar du då? Skriv gärna det här:", \
      "Um welche Angabe geht es dann? Bitte schreiben Sie mir das:", "¿A cuál se refiere entonces? Escríbame, por favor, esto:") \
    X(CANNOT_SAY, "I cannot answer that just now. What I asked was:", "Det kan jag inte svara på just nu. Det jag frågade var:", \
      "Das kann ich gerade nicht beantworten. Ich hatte gefragt:", "Eso no lo puedo responder ahora. Lo que preguntaba era:") \
    X(LOG_IN, "I can look into your own account only when you are logged in. Log in on our page and write here again, or talk to " \
      "a person.", \
      "Jag kan bara titta på ditt eget konto när du är inloggad. Logga in på vår sida och skriv här igen, eller prata med en " \
      "människa.", \
      "In Ihr Konto kann ich nur sehen, wenn Sie angemeldet sind. Melden Sie sich auf unserer Seite an und schreiben Sie " \
      "wieder, oder sprechen Sie mit einem Menschen.", \
      "Solo puedo consultar su cuenta si ha iniciado sesión. Inicie sesión en nuestra página y escriba de nuevo, o hable con " \
      "una persona.") \
    X(ONE_BY_ONE, "I take one after the other.", "Jag tar det ena efter det andra.", "Eins nach dem anderen.", "Vamos por partes.") \
    X(WHICH_INSTEAD, "Sorry. What is it about, then?", "Förlåt. Vad gäller det i stället?", "Entschuldigung. Worum geht es dann?", \
      "Perdón. ¿De qué se trata entonces?") \
    X(FROM_ARTICLE, "This is what our article says:", "Så här står det i vår artikel:", "Das steht in unserem Artikel:", \
      "Esto dice nuestro artículo:") \
    X(HELLO, "Hello! I am an AI assistant. Ask me anything, or talk to a person whenever you like.", \
      "Hej! Jag är en AI-assistent. Fråga mig vad du vill, eller prata med en människa när du vill.", \
      "Hallo! Ich bin ein KI-Assistent. Fragen Sie mich, oder sprechen Sie jederzeit mit einem Menschen.", \
      "¡Hola! Soy un asistente de IA. Pregúnteme lo que quiera, o hable con una persona cuando quiera.") \
    X(THANKS, "You are welcome. Is there anything else?", "Varsågod! Är det något mer?", "Gern geschehen. Kann ich sonst noch helfen?", \
      "De nada. ¿Necesita algo más?") \
    X(GOODBYE, "Goodbye! Write again whenever you like.", "Hej då! Skriv igen när du vill.", "Auf Wiedersehen! Schreiben Sie jederzeit wieder.", \
      "¡Hasta luego! Escriba otra vez cuando quiera.") \
    X(WHAT_AM_I, "I am an AI assistant, not a person. You can talk to a person at any time.", \
      "Jag är en AI-assistent, ingen människa. Du kan prata med en människa när som helst.", \
      "Ich bin ein KI-Assistent, kein Mensch. Sie können jederzeit mit einem Menschen sprechen.", \
      "Soy un asistente de IA, no una persona. Puede hablar con una persona en cualquier momento.") \
    X(HOW_I_AM, "I am a program, so I am always the same, thank you. What can I do for you?", \
      "Jag är ett program, så jag mår alltid likadant, tack. Vad kan jag göra för dig?", \
      "Ich bin ein Programm, mir geht es immer gleich, danke. Was kann ich für Sie tun?", \
      "Soy un programa, así que siempre estoy igual, gracias. ¿Qué puedo hacer por usted?") \
    X(NO_NAME, "I have no name: I am the AI assistant of this chat. You can talk to a person at any time.", \
      "Jag har inget namn: jag är chattens AI-assistent. Du kan prata med en människa när som helst.", \
      "Ich habe keinen Namen: ich bin der KI-Assistent dieses Chats. Sie können jederzeit mit einem Menschen sprechen.", \
      "No tengo nombre: soy el asistente de IA de este chat. Puede hablar con una persona en cualquier momento.") \
    X(NO_JOKE, "I am no good at that, I am afraid: I only know our own matters. What is it about?", \
      "Det är jag tyvärr inte bra på: jag kan bara våra egna ärenden. Vad gäller det?", \
      "Darin bin ich leider nicht gut: ich kenne nur unsere eigenen Themen. Worum geht es?", \
      "Eso no se me da bien: solo conozco nuestros propios temas. ¿De qué se trata?") \
    X(WHAT_I_CAN, "I answer questions from our articles, and look things up for you when you are logged in. What I cannot do, a person does. " \
      "Ask me, or choose one of these.", \
      "Jag svarar på frågor ur våra artiklar och tar reda på saker åt dig när du är inloggad. Det jag inte kan gör en människa. Fråga mig, eller välj något " \
      "av det här.", \
      "Ich beantworte Fragen aus unseren Artikeln und sehe für Sie nach, wenn Sie angemeldet sind. Was ich nicht kann, macht ein Mensch. Fragen Sie, oder " \
      "wählen Sie eines davon.", \
      "Respondo preguntas con nuestros artículos y consulto cosas por usted si ha iniciado sesión. Lo que no puedo, lo hace una persona. Pregúnteme o elija " \
      "una de estas opciones.") \
    X(CALM, "I am sorry that this makes you angry. I am a program; you can talk to a person at any time.", \
      "Det är tråkigt att det här gör dig arg. Jag är ett program; du kan prata med en människa när som helst.", \
      "Es tut mir leid, dass Sie das ärgert. Ich bin ein Programm; Sie können jederzeit mit einem Menschen sprechen.", \
      "Siento que esto le enfade. Soy un programa; puede hablar con una persona en cualquier momento.") \
    X(GO_ON, "Tell me what it is about, in a sentence.", "Berätta vad det gäller, i en mening.", \
      "Sagen Sie mir in einem Satz, worum es geht.", "Dígame en una frase de qué se trata.")

enum sentence {
#define X(name, en, sv, de, es) SENTENCE_##name,
    SENTENCES(X)
#undef X
    SENTENCE_COUNT
};

struct str words_sentence(enum sentence sentence, struct str language);

/* What a short answer means. NOTHING when it is about a matter. */
enum remark { REMARK_NOTHING, REMARK_YES, REMARK_NO, REMARK_CANCEL, REMARK_HELLO, REMARK_THANKS, REMARK_GOODBYE, REMARK_WHAT_ARE_YOU,
              REMARK_HELP, REMARK_HOW_ARE_YOU, REMARK_NAME, REMARK_JOKE, REMARK_CAN_DO, REMARK_ABUSE };

/* Whole messages only: "yes please" is YES, "yes, my order is late" is NOTHING. */
enum remark words_remark(struct arena *arena, struct str text);

/* The message behind remarks that it begins with: "never mind, how much is left?", "thanks mate. Also ...". The whole of it
 * if that leaves no more than a word. */
struct str words_behind_remarks(struct arena *arena, struct str text);

/* Month names, 1 is January. */
struct str words_month(int month, struct str language);

#endif
