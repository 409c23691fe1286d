/* SPDX-License-Identifier: ISC */
/* Disclaimers in French, Spanish, Italian and Portuguese. */
#include "text/body/disclaimer_phrases.h"

const struct disclaimer_phrases disclaimer_french = {{
    [DISCLAIMER_SELF] = DISCLAIMER_PHRASES("ce %", "cet %", "cette %", "présent %"),
    [DISCLAIMER_WEAK] = DISCLAIMER_PHRASES(
        "confidenti", "erreur", "détruire", "supprimer", "pièce", "fichiers joints",
        "virus", "responsabilité", "immédiatement", "par erreur"),
    [DISCLAIMER_LEGAL] = DISCLAIMER_PHRASES(
        "destinataire", "expéditeur", "divulg", "intention exclusive",
        "exclusivement destin", "interdit", "non autorisé", "usage exclusif"),
    [DISCLAIMER_LIKELY] =
        DISCLAIMER_PHRASES("décline toute responsabilité", "reçu par erreur",
                           "ce % est confidentiel", "cet % est confidentiel"),
    [DISCLAIMER_CERTAIN] = DISCLAIMER_PHRASES(
        "si vous n'êtes pas le destinataire", "si vous n'êtes pas destinataire",
        "si vous n'en êtes pas le destinataire", "si vous avez reçu ce % par erreur",
        "si vous avez reçu cet % par erreur", "si vous recevez ce % par erreur",
        "si vous recevez cet % par erreur", "si ce % vous est parvenu par erreur",
        "l'intention exclusive de ses destinataires",
        "l'environnement avant d'imprimer", "avant d'imprimer ce %",
        "avant d'imprimer cet %", "n'imprimez ce %", "n'imprimez cet %",
        "a été vérifié par le logiciel antivirus", "absence de virus",
        "garanti sans virus.www", "garanti sans virus. www", "sans virus.www",
        "sans virus. www"),
    [DISCLAIMER_OPENING] = DISCLAIMER_PHRASES(
        "ce % et toute", "ce % et ses pièces", "ce % et les pièces", "ce % et tous les",
        "ce % et ses annexes", "ce % ainsi que les", "ce % ainsi que toute",
        "ce % peut contenir", "cet % et toute", "cet % et ses pièces",
        "cet % et les pièces", "cet % et les fichiers", "cet % et les documents",
        "les informations contenues dans ce %", "les informations contenues dans cet %",
        "l'information contenue dans ce %", "le contenu de ce %",
        "le contenu de cet %"),
    [DISCLAIMER_HEADING] = DISCLAIMER_PHRASES(
        "avis de confidentialité", "avertissement de confidentialité",
        "clause de confidentialité", "mentions légales", "avis juridique"),
    [DISCLAIMER_TITLE] = DISCLAIMER_PHRASES("confidentialité"),
    [DISCLAIMER_COMPANY] =
        DISCLAIMER_PHRASES("siège social", "rcs ", "siret", "capital de"),
    [DISCLAIMER_LIST] = DISCLAIMER_PHRASES(
        "vous recevez ce % car", "vous recevez ce % parce", "vous recevez cet % car",
        "cliquez", "abonné", "inscrit", "liste de diffusion", "http"),
    [DISCLAIMER_LIST_KEY] = DISCLAIMER_PHRASES("désabonn", "désinscri"),
}};

const struct disclaimer_phrases disclaimer_spanish = {{
    [DISCLAIMER_SELF] = DISCLAIMER_PHRASES("este %", "esta %", "presente %"),
    [DISCLAIMER_WEAK] = DISCLAIMER_PHRASES("confidencial", "por error", "elimin",
                                           "adjunt", "virus", "inmediat"),
    [DISCLAIMER_LEGAL] = DISCLAIMER_PHRASES(
        "destinatario", "remitente", "divulgación", "prohibid", "no está permitida",
        "secreto profesional", "dirigido exclusivamente", "dirigidos exclusivamente",
        "protección de datos", "autorización expresa"),
    [DISCLAIMER_LIKELY] = DISCLAIMER_PHRASES(
        "este % se dirige exclusivamente", "este % va dirigido exclusiv",
        "este % va dirigido únicamente", "este % contiene información confidencial",
        "este % es confidencial"),
    [DISCLAIMER_CERTAIN] = DISCLAIMER_PHRASES(
        "si usted no es el destinatario", "si no es usted el destinatario",
        "si no es el destinatario", "si no es vd. el destinatario",
        "si ha recibido este % por error", "si usted ha recibido este % por error",
        "si recibe este % por error", "si ha recibido este % por equivocación",
        "antes de imprimir este %", "antes de imprimir esta %",
        "antes de imprimir piensa en", "antes de imprimir piense en",
        "el medio ambiente antes de imprimir", "ha sido comprobado en busca de virus",
        "analizado en busca de virus", "libre de virus.www", "libre de virus. www"),
    [DISCLAIMER_OPENING] = DISCLAIMER_PHRASES(
        "este % y sus archiv", "este % y sus anexos", "este % y sus adjuntos",
        "este % y sus documentos", "este % y los archiv", "este % y los ficher",
        "este % y los documentos", "este % y los adjuntos", "este % y cualquier archiv",
        "este % y cualquier fichero", "este % y cualquier documento",
        "este % incluyendo", "este % puede contener",
        "la información contenida en este %", "la información incluida en este %",
        "el contenido de este %"),
    [DISCLAIMER_HEADING] =
        DISCLAIMER_PHRASES("aviso de confidencialidad", "nota de confidencialidad",
                           "cláusula de confidencialidad", "aviso legal y"),
    [DISCLAIMER_TITLE] = DISCLAIMER_PHRASES("aviso legal", "confidencialidad"),
    [DISCLAIMER_COMPANY] = DISCLAIMER_PHRASES("registro mercantil", "domicilio social"),
    [DISCLAIMER_LIST] =
        DISCLAIMER_PHRASES("ha recibido este % porque", "recibe este % porque",
                           "lista de correo", "suscri", "haga clic", "http"),
    [DISCLAIMER_LIST_KEY] =
        DISCLAIMER_PHRASES("darse de baja", "darte de baja", "cancelar la suscripción"),
}};

const struct disclaimer_phrases disclaimer_italian = {{
    [DISCLAIMER_SELF] = DISCLAIMER_PHRASES("questo %", "questa %", "presente %"),
    [DISCLAIMER_WEAK] =
        DISCLAIMER_PHRASES("confidenzial", "riservat", "per errore", "cancell",
                           "distru", "allegat", "virus", "immediat"),
    [DISCLAIMER_LEGAL] =
        DISCLAIMER_PHRASES("destinatari", "mittente", "divulga", "diffusione", "vietat",
                           "proibit", "esclusivamente", "ai sensi del", "d.lgs"),
    [DISCLAIMER_LIKELY] = DISCLAIMER_PHRASES(
        "questo % è riservat", "questo % contiene informazioni riservate"),
    [DISCLAIMER_TELLING] = DISCLAIMER_PHRASES(
        "qualora non foste", "qualora abbiate ricevuto", "qualora il messaggio"),
    [DISCLAIMER_CERTAIN] = DISCLAIMER_PHRASES(
        "se non siete il destinatario", "se non siete i destinatari",
        "se non sei il destinatario", "se lei non è il destinatario",
        "se non è il destinatario", "se avete ricevuto questo % per errore",
        "se avete ricevuto questa % per errore", "se ha ricevuto questo % per errore",
        "se ha ricevuto questa % per errore", "se hai ricevuto questo % per errore",
        "se hai ricevuto questa % per errore", "prima di stampare quest",
        "prima di stampare pensa", "prima di stampare pensi", "non stampare questo %",
        "non stampare questa %", "è stata controllata per individuare virus",
        "controllato per la presenza di virus", "privo di virus.www",
        "privo di virus. www", "mail priva di virus.www", "mail priva di virus. www"),
    [DISCLAIMER_OPENING] = DISCLAIMER_PHRASES(
        "questo % e i suoi allegat", "questo % e gli allegat",
        "questo % e gli eventuali", "questo % ed i suoi", "questo % ed ogni",
        "questo % ed eventuali", "questa % e i suoi", "questa % e gli",
        "questa % e tutti gli", "questo % può contenere", "il presente % e ",
        "il presente % contiene", "il presente % può contenere", "il presente % ed",
        "la presente % e ", "la presente % contiene", "la presente % può contenere",
        "le informazioni contenute in questo %",
        "le informazioni contenute in questa %",
        "le informazioni contenute nel presente %",
        "le informazioni contenute nella presente %", "il contenuto di questo %",
        "il contenuto di questa %"),
    [DISCLAIMER_HEADING] = DISCLAIMER_PHRASES(
        "avviso di riservatezza", "nota di riservatezza", "clausola di riservatezza",
        "avvertenze legali", "note legali"),
    [DISCLAIMER_TITLE] = DISCLAIMER_PHRASES("riservatezza"),
    [DISCLAIMER_COMPANY] =
        DISCLAIMER_PHRASES("sede legale", "registro delle imprese", "p. iva"),
    [DISCLAIMER_COMPANY_LINE] = DISCLAIMER_PHRASES("p.iva", "partita iva"),
    [DISCLAIMER_LIST] =
        DISCLAIMER_PHRASES("ricevi questa % perché", "iscritto", "clicca", "http"),
    [DISCLAIMER_LIST_KEY] =
        DISCLAIMER_PHRASES("annullare l'iscrizione", "cancellarti dalla", "disiscri"),
}};

const struct disclaimer_phrases disclaimer_portuguese = {{
    [DISCLAIMER_SELF] = DISCLAIMER_PHRASES("este %", "esta %", "presente %"),
    [DISCLAIMER_WEAK] =
        DISCLAIMER_PHRASES("confidencia", "por engano", "por erro", "elimin", "apag",
                           "anexo", "ficheiros", "vírus", "imediat"),
    [DISCLAIMER_LEGAL] =
        DISCLAIMER_PHRASES("destinatári", "remetente", "divulgação", "proibid",
                           "exclusivamente", "não autorizad", "privilegiad"),
    [DISCLAIMER_LIKELY] =
        DISCLAIMER_PHRASES("esta % é confidencial", "esta % contém informaç",
                           "esta % destina-se exclusiv", "este % é confidencial"),
    [DISCLAIMER_CERTAIN] = DISCLAIMER_PHRASES(
        "se não é o destinatário", "se não for o destinatário",
        "caso não seja o destinatário", "se você não é o destinatário",
        "se você não for o destinatário", "se recebeu esta % por",
        "se recebeu este % por", "se você recebeu esta % por",
        "caso tenha recebido esta %", "caso tenha recebido este %",
        "antes de imprimir este %", "antes de imprimir esta %",
        "antes de imprimir pense no", "antes de imprimir pense na",
        "o ambiente antes de imprimir", "foi verificado em termos de vírus",
        "livre de vírus.www", "livre de vírus. www", "sem vírus.www", "sem vírus. www"),
    [DISCLAIMER_OPENING] = DISCLAIMER_PHRASES(
        "esta % e seus anexos", "esta % e os seus anexos", "esta % e quaisquer anexos",
        "esta % e quaisquer ficheiros", "esta % incluindo", "esta % pode conter",
        "este % e os seus anexos", "este % e quaisquer anexos",
        "este % e quaisquer ficheiros", "este % pode conter",
        "a informação contida neste %", "a informação contida nesta %",
        "as informações contidas neste %", "as informações contidas nesta %",
        "o conteúdo deste %", "o conteúdo desta %"),
    [DISCLAIMER_HEADING] = DISCLAIMER_PHRASES("aviso de confidencialidade"),
    [DISCLAIMER_TITLE] = DISCLAIMER_PHRASES("aviso legal", "confidencialidade"),
    [DISCLAIMER_COMPANY] =
        DISCLAIMER_PHRASES("capital social", "conservatória", "sede social", "cnpj"),
    [DISCLAIMER_LIST] =
        DISCLAIMER_PHRASES("recebeu esta % porque", "está a receber este % porque",
                           "clique", "subscr", "http"),
    [DISCLAIMER_LIST_KEY] = DISCLAIMER_PHRASES("cancelar a subscrição",
                                               "cancelar a inscrição", "descadastr"),
}};
