/* SPDX-License-Identifier: ISC */
/* Disclaimers in Swedish, Danish, Norwegian, Finnish and Icelandic. */
#include "text/body/disclaimer_phrases.h"

const struct disclaimer_phrases disclaimer_swedish = {{
    [DISCLAIMER_SELF] = DISCLAIMER_PHRASES("detta %", "denna %", "det här %"),
    [DISCLAIMER_WEAK] =
        DISCLAIMER_PHRASES("konfidentiel", "sekretess", "av misstag", "felaktig",
                           "radera", "förstör", "bilag", "bifogad", "virus"),
    [DISCLAIMER_LEGAL] =
        DISCLAIMER_PHRASES("adressat", "mottagare", "avsändare", "endast avsed",
                           "ansvar för", "otillåt", "spridning"),
    [DISCLAIMER_LIKELY] = DISCLAIMER_PHRASES(
        "detta % är konfidentiell", "detta % är endast avse",
        "behandlar vi dina personuppgifter", "behandlar dina personuppgifter",
        "behandlar personuppgifter"),
    [DISCLAIMER_CERTAIN] = DISCLAIMER_PHRASES(
        "inte är den avsedda mottagaren", "inte är avsedd mottagare",
        "inte är rätt mottagare", "inte är rätt adressat",
        "om du har fått detta % av misstag", "om du fått detta % av misstag",
        "om du har mottagit detta % av misstag", "om du mottagit detta % av misstag",
        "tänk på miljön innan", "tänk på miljön före", "tänk på miljön -",
        "innan du skriver ut detta %", "innan du skriver ut det här %", "virusfri.www",
        "virusfri. www"),
    [DISCLAIMER_OPENING] =
        DISCLAIMER_PHRASES("detta % och eventuella", "detta % inklusive",
                           "detta % kan innehålla konfiden", "denna % och eventuella",
                           "denna % kan innehålla konfiden", "informationen i detta %",
                           "innehållet i detta %", "så behandlar vi personuppgifter",
                           "när du skickar epost till", "när du kommunicerar med"),
    [DISCLAIMER_HEADING] = DISCLAIMER_PHRASES("sekretessmeddelande"),
    [DISCLAIMER_TITLE] = DISCLAIMER_PHRASES("ansvarsfriskrivning"),
    [DISCLAIMER_COMPANY] = DISCLAIMER_PHRASES("org.nr", "organisationsnummer"),
    [DISCLAIMER_LIST] =
        DISCLAIMER_PHRASES("du får detta % eftersom", "klicka", "prenumer", "http"),
    [DISCLAIMER_LIST_KEY] = DISCLAIMER_PHRASES("avregistrera", "avprenumerera"),
}};

const struct disclaimer_phrases disclaimer_danish = {{
    [DISCLAIMER_SELF] = DISCLAIMER_PHRASES("denne %", "dette %"),
    [DISCLAIMER_WEAK] =
        DISCLAIMER_PHRASES("fortrolig", "ved en fejl", "slet", "vedhæft", "virus"),
    [DISCLAIMER_LEGAL] =
        DISCLAIMER_PHRASES("modtager", "adressat", "afsender", "udelukkende",
                           "uberettiget", "videregivelse"),
    [DISCLAIMER_LIKELY] = DISCLAIMER_PHRASES("denne % er fortrolig", "denne % er kun",
                                             "denne % indeholder fortrolig"),
    [DISCLAIMER_CERTAIN] = DISCLAIMER_PHRASES(
        "ikke er den rette modtager", "ikke er den tiltænkte modtager",
        "ikke er rette modtager", "modtaget denne % ved en fejl",
        "ved en fejl har modtaget denne %", "ved en fejltagelse har modtaget denne %",
        "tænk på miljøet før", "tænk på miljøet inden", "før du printer denne %",
        "før du udskriver denne %"),
    [DISCLAIMER_OPENING] = DISCLAIMER_PHRASES(
        "denne % og eventuelle", "denne % inklusive", "denne % kan indeholde fortrolig",
        "indholdet af denne %", "oplysningerne i denne %"),
    [DISCLAIMER_HEADING] = DISCLAIMER_PHRASES("fortrolighedserklæring"),
    [DISCLAIMER_TITLE] = DISCLAIMER_PHRASES("fortrolighed", "ansvarsfraskrivelse"),
    [DISCLAIMER_COMPANY] = DISCLAIMER_PHRASES("cvr"),
    [DISCLAIMER_LIST] =
        DISCLAIMER_PHRASES("du modtager denne % fordi", "klik", "nyhedsbrev", "http"),
    [DISCLAIMER_LIST_KEY] = DISCLAIMER_PHRASES("afmeld"),
}};

const struct disclaimer_phrases disclaimer_norwegian = {{
    [DISCLAIMER_SELF] = DISCLAIMER_PHRASES("denne %", "dette %"),
    [DISCLAIMER_WEAK] = DISCLAIMER_PHRASES("konfidensiel", "fortrolig", "ved en feil",
                                           "feilaktig", "slett", "vedlegg", "virus"),
    [DISCLAIMER_LEGAL] =
        DISCLAIMER_PHRASES("mottaker", "adressat", "avsender", "utelukkende",
                           "taushetsplikt", "uautorisert"),
    [DISCLAIMER_LIKELY] = DISCLAIMER_PHRASES("denne % er konfidensiell",
                                             "denne % er fortrolig", "denne % er kun"),
    [DISCLAIMER_CERTAIN] = DISCLAIMER_PHRASES(
        "ikke er rett mottaker", "ikke er den rette mottaker", "ikke er rette mottaker",
        "ikke er tiltenkt mottaker", "ikke er den tiltenkte",
        "mottatt denne % ved en feil", "mottatt denne % feilaktig",
        "tenk på miljøet før", "tenk på miljøet -", "før du skriver ut denne %"),
    [DISCLAIMER_OPENING] = DISCLAIMER_PHRASES(
        "denne % og eventuelle", "denne % inkludert", "denne % med eventuelle",
        "denne % kan inneholde", "innholdet i denne %", "informasjonen i denne %"),
    [DISCLAIMER_TITLE] = DISCLAIMER_PHRASES("konfidensialitet", "ansvarsfraskrivelse"),
    [DISCLAIMER_COMPANY] = DISCLAIMER_PHRASES("org.nr", "foretaksregisteret"),
    [DISCLAIMER_LIST] =
        DISCLAIMER_PHRASES("du mottar denne % fordi", "klikk", "nyhetsbrev", "http"),
    [DISCLAIMER_LIST_KEY] = DISCLAIMER_PHRASES("meld deg av", "avslutt abonnement"),
}};

const struct disclaimer_phrases disclaimer_finnish = {{
    [DISCLAIMER_SELF] = DISCLAIMER_PHRASES("tämä %", "tämän %"),
    [DISCLAIMER_WEAK] = DISCLAIMER_PHRASES("luottamuksel", "vahingossa", "erehdyksessä",
                                           "poista", "tuhoa", "liitte"),
    [DISCLAIMER_LEGAL] = DISCLAIMER_PHRASES(
        "vastaanottaja", "lähettäj", "tarkoitettu vain", "ainoastaan", "vastuus"),
    [DISCLAIMER_LIKELY] = DISCLAIMER_PHRASES("tämä % on tarkoitettu vain",
                                             "tämä % on tarkoitettu ainoastaan",
                                             "tämä % on luottamuksel"),
    [DISCLAIMER_CERTAIN] = DISCLAIMER_PHRASES(
        "jos et ole % tarkoitettu vastaanottaja", "jos et ole tämän % tarkoitettu",
        "jos ette ole % tarkoitettu", "jos ette ole tämän %",
        "jos olet saanut tämän % vahingossa", "jos olet saanut tämän % erehdyksessä",
        "jos olette saaneet tämän %", "ajattele ympäristöä ennen",
        "ennen kuin tulostat tämän"),
    [DISCLAIMER_OPENING] = DISCLAIMER_PHRASES(
        "tämä % ja sen liit", "tämä % liitteineen", "tämä % saattaa sisältää",
        "tämä % voi sisältää", "tämän % sisältö"),
    [DISCLAIMER_TITLE] =
        DISCLAIMER_PHRASES("vastuuvapauslauseke", "luottamuksellisuus"),
    [DISCLAIMER_COMPANY] = DISCLAIMER_PHRASES("y-tunnus"),
    [DISCLAIMER_LIST] = DISCLAIMER_PHRASES("saat tämän % koska", "klikkaa", "http"),
    [DISCLAIMER_LIST_KEY] = DISCLAIMER_PHRASES("peruuta tilaus", "peruuttaa tilauksen"),
}};

const struct disclaimer_phrases disclaimer_icelandic = {{
    [DISCLAIMER_SELF] = DISCLAIMER_PHRASES("þessi %", "þetta %"),
    [DISCLAIMER_WEAK] =
        DISCLAIMER_PHRASES("trúnaðar", "viðhengi", "fyrir mistök", "eyða"),
    [DISCLAIMER_LEGAL] = DISCLAIMER_PHRASES("viðtakand", "sendand", "eingöngu ætla"),
    [DISCLAIMER_LIKELY] = DISCLAIMER_PHRASES("þessi % er trúnaðar"),
    [DISCLAIMER_CERTAIN] = DISCLAIMER_PHRASES("ef þú ert ekki réttur viðtakandi",
                                              "hugsaðu um umhverfið áður"),
    [DISCLAIMER_OPENING] = DISCLAIMER_PHRASES("þessi % og viðhengi"),
    [DISCLAIMER_TITLE] = DISCLAIMER_PHRASES("fyrirvari"),
}};
