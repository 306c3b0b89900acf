#include "assistant/thesaurus.h"

#include "base/must.h"

static const struct {
    const char *code, *groups;
} languages[] = {
    { "en",
      "refund,reimbursement,money back\n" "parcel,package,shipment\n" "delivery,shipping\n" "bill,invoice\n" "cancel,terminate\n"
      "delete,remove,erase\n" "change,modify,edit,update,alter\n" "buy,purchase\n" "picture,photo,image\n"
      "phone,telephone,mobile,cell phone\n" "email,e mail\n" "log in,login,sign in\n" "sign up,register\n" "block,lock,freeze\n"
      "broken,damaged,faulty,defective\n" "late,overdue,delayed\n" "fee,charge\n" "find,locate\n" "show,display,view\n"
      "stop,quit,turn off,disable,deactivate\n" "turn on,enable,activate\n" "help,support,assistance\n" "person,human,representative\n"
      "error,problem,issue\n" "website,site\n" "app,application\n" "video,movie,film\n" "post,publish\n" "car,vehicle\n"
      "job,work,employment\n" "money,cash,funds\n" "loan,credit\n" "holiday,vacation\n" "verify,confirm,validate\n" "top up,topup\n"
      "reject,decline,refuse,deny\n" "expire,run out\n" "alternative,replacement,substitute\n" "calendar,schedule\n" "receive,get\n"
      "quick,fast\n" "start,begin\n" "lost,missing\n" "copy,duplicate\n" "price,cost\n" "shop,store,merchant,retailer\n"
      "postpone,defer,extend\n" "instalment,installment\n" "stolen,theft\n" "moved,relocated\n" "swap,exchange\n" "due date,deadline" },
    { "sv",
      "återbetalning,pengar tillbaka,pengarna tillbaka\n" "paket,försändelse,sändning\n" "leverans,frakt\n" "faktura,räkning\n"
      "avbryta,avbeställa,annullera\n" "ta bort,radera\n" "ändra,byta,uppdatera\n" "köpa,handla\n" "bild,foto\n"
      "telefon,mobil,mobiltelefon\n" "mejl,mail,e post,epost,email\n" "logga in,inloggning\n" "registrera,skapa konto\n" "spärra,blockera,låsa\n"
      "trasig,sönder,skadad,defekt\n" "sen,försenad\n" "avgift,kostnad\n" "hitta,finna\n" "stoppa,stänga av,inaktivera\n"
      "slå på,aktivera,sätta på\n" "hjälp,support,stöd\n" "människa,person,handläggare\n" "fel,problem\n" "webbplats,sajt,hemsida\n"
      "jobb,arbete,anställning\n" "lån,kredit\n" "semester,ledighet\n" "bekräfta,verifiera\n" "neka,avslå,avvisa\n" "få,ta emot\n"
      "snabb,kvick\n" "börja,starta\n" "borttappad,förlorad,försvunnen\n" "kopia,dublett\n" "butik,affär,handlare\n" "skjuta upp,förlänga\n"
      "delbetalning,avbetalning\n" "stulen,stöld\n" "förfallodag,förfallodatum\n" "returnera,skicka tillbaka,lämna tillbaka" },
    { "de",
      "erstattung,rückerstattung,geld zurück\n" "paket,sendung,päckchen\n" "lieferung,versand\n" "stornieren,abbestellen,widerrufen\n"
      "löschen,entfernen\n" "ändern,wechseln,aktualisieren\n" "kaufen,einkaufen\n" "bild,foto\n" "telefon,handy,mobiltelefon\n"
      "e mail,email,mail\n" "anmelden,einloggen,anmeldung\n" "registrieren,konto anlegen\n" "sperren,blockieren\n"
      "kaputt,defekt,beschädigt,fehlerhaft\n" "spät,verspätet\n" "gebühr,kosten\n" "abschalten,deaktivieren,ausschalten\n"
      "einschalten,aktivieren,anschalten\n" "hilfe,unterstützung\n" "mensch,person,mitarbeiter\n" "fehler,problem\n" "webseite,website,internetseite\n"
      "job,arbeit,stelle\n" "kredit,darlehen\n" "urlaub,ferien\n" "bestätigen,verifizieren\n" "ablehnen,abgelehnt,verweigern\n"
      "erhalten,bekommen\n" "schnell,rasch\n" "beginnen,anfangen,starten\n" "verloren,verschwunden\n" "kopie,duplikat\n" "laden,geschäft,händler,shop\n"
      "verschieben,verlängern,aufschieben\n" "rate,teilzahlung\n" "gestohlen,diebstahl\n" "fälligkeit,fälligkeitsdatum\n" "umtauschen,tauschen\n"
      "zurücksenden,zurückschicken,zurückgeben,retoure" },
    { "es",
      "reembolso,devolución del dinero\n" "paquete,envío\n" "entrega,reparto\n" "factura,recibo\n" "cancelar,anular\n" "borrar,eliminar,suprimir\n"
      "cambiar,modificar,actualizar\n" "comprar,adquirir\n" "imagen,foto\n" "teléfono,móvil,celular\n" "correo,email,e mail,correo electrónico\n"
      "entrar,iniciar sesión,acceder\n" "registrarse,crear cuenta\n" "bloquear,congelar\n" "roto,dañado,defectuoso,estropeado\n"
      "tarde,retrasado,atrasado\n" "comisión,recargo,cargo\n" "encontrar,localizar\n" "mostrar,ver\n" "desactivar,apagar\n" "activar,encender\n"
      "ayuda,asistencia,soporte\n" "persona,humano,agente\n" "error,problema,fallo\n" "página,sitio,web\n" "trabajo,empleo\n" "préstamo,crédito\n"
      "vacaciones,descanso\n" "verificar,confirmar,validar\n" "rechazar,denegar\n" "recibir,obtener\n" "rápido,veloz\n" "empezar,comenzar,iniciar\n"
      "perdido,extraviado\n" "copia,duplicado\n" "precio,coste,costo\n" "tienda,comercio,vendedor\n" "aplazar,posponer,prorrogar\n" "plazo,cuota\n"
      "robado,robo\n" "vencimiento,fecha límite\n" "devolver,enviar de vuelta" },
};

struct str thesaurus_of(struct str language)
{
    for (size_t i = 0; i < ARRAY_LEN(languages); i++)
        if (str_starts(language, str_of(languages[i].code)) && (language.len == 2 || language.data[2] == '-'))
            return str_of(languages[i].groups);
    return STR_EMPTY;
}
