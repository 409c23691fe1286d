/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdlib.h>
#include <string.h>

#include "text/body/body_lines.h"
#include "text/body/disclaimer.h"
#include "text/marked_text.h"

#define REPEAT4(text) text text text text
#define REPEAT7(text) REPEAT4(text) text text text

static void read_lines(const char *text, struct body_lines *lines_out)
{
    const struct marked_text marked = {.text = (char *)(uintptr_t)text,
                                       .length_bytes = strlen(text)};

    assert_true(body_lines_read(&marked, lines_out));
}

/* What stands before a line of the text, in a new string; all of it after the last one.
 */
static char *text_before(const char *text, const struct body_lines *lines, size_t line)
{
    char *kept = unit_repeat(text, 1);

    assert_true(line <= lines->count);
    if (line < lines->count)
        kept[lines->items[line].text - text] = '\0';
    return kept;
}

static char *without_disclaimer(const char *text)
{
    struct body_lines lines;
    char *kept;

    read_lines(text, &lines);
    kept = text_before(text, &lines, disclaimer_find(lines.items, lines.count));
    body_lines_free(&lines);
    return kept;
}

static char *without_banner(const char *text)
{
    struct body_lines lines;
    size_t banner;
    char *kept;

    read_lines(text, &lines);
    banner = disclaimer_banner_lines(lines.items, lines.count);
    assert_true(banner <= lines.count);
    kept = unit_repeat(banner < lines.count ? lines.items[banner].text : "", 1);
    body_lines_free(&lines);
    return kept;
}

static char *join(const char *first, const char *second)
{
    char *both = calloc(1, strlen(first) + strlen(second) + 1);

    assert_non_null(both);
    return strcat(strcpy(both, first), second);
}

/* Each row is a paragraph that is a disclaimer, below a text. */
static const struct {
    const char *name, *disclaimer;
} disclaimers[] = {
    {"English, the usual one",
     "This email and any attachments are confidential and intended solely for the use "
     "of "
     "the individual to whom it is addressed. If you are not the intended recipient, "
     "please delete it and notify the sender."},
    {"English, with a hyphen", "This e-mail and any attachments are confidential."},
    {"English, files",
     "This email and any files transmitted with it are confidential."},
    {"English, message",
     "This message and any attachments are for the addressee only."},
    {"English, information contained",
     "The information contained in this e-mail is for the named person only."},
    {"English, content",
     "The content of this email is confidential and intended for the recipient "
     "specified in message only."},
    {"English, contents", "The contents of this email may be monitored."},
    {"English, upper case",
     "THIS E-MAIL AND ANY ATTACHMENTS ARE STRICTLY CONFIDENTIAL."},
    {"English, wrapped",
     "This email and any attachments to it may be confidential and are intended\n"
     "solely for the use of the individual to whom it is addressed. Any views\n"
     "or opinions expressed are solely those of the author."},
    {"English, if you are not",
     "If you are not the intended recipient of this email, you must neither take any "
     "action based upon its contents, nor copy or show it to anyone."},
    {"English, in error",
     "If you have received this email in error please notify the sender."},
    {"English, received", "If you received this message in error, please delete it."},
    {"English, a sentence first",
     "Greenfield School is a good place. If you have received this e-mail in error, "
     "please delete it."},
    {"English, intended solely for",
     "This e-mail is intended solely for the addressee. Access by anyone else is "
     "unauthorised."},
    {"English, privileged",
     "This message may contain information that is privileged and confidential."},
    {"English, weak words together",
     "Please note that this email is for its recipient. Its disclosure is prohibited."},
    {"English, liability", "The school accepts no liability for any damage caused by "
                           "any virus transmitted by "
                           "this email."},
    {"English, views",
     "Any views or opinions presented in this email are solely those of the author and "
     "do not necessarily represent those of the school."},
    {"English, heading with colon",
     "DISCLAIMER: Greenfield Academy is not responsible for anything."},
    {"English, heading on its line", "Disclaimer\nNothing in here counts."},
    {"English, heading as a paragraph",
     "Confidentiality Notice\n\nThis email is confidential and may be privileged."},
    {"English, emphasis", "*Disclaimer:* nothing in here is legally binding."},
    {"English, privacy",
     "Privacy notice: see how we use your data at https://school.example/privacy"},
    {"English, important notice", "Important notice: This email may contain "
                                  "confidential information. If you are not "
                                  "its recipient, delete it."},
    {"English, environment",
     "Please consider the environment before printing this email."},
    {"English, environment with a sign",
     "P Please consider the environment before printing this e-mail"},
    {"English, think", "Think before you print."},
    {"English, scanned", "This email has been scanned for viruses by Example."},
    {"English, scanned by", "This message has been scanned by MailScanner."},
    {"English, checked",
     "This email has been checked for viruses by Avast antivirus software.\n"
     "www.avast.com"},
    {"English, Avast", "Virus-free.www.avast.com"},
    {"English, Avast with space", "Virus-free. www.avast.com"},
    {"English, information law",
     "Emails may be subject to the Freedom of Information Act 2000."},
    {"English, company",
     "Registered in England and Wales. Registered office: 1 High Street, Leeds."},
    {"English, company and number",
     "Greenfield Academy Trust is a company limited by guarantee registered in England "
     "and Wales, company number 1234567."},
    {"English, charity", "Registered charity no. 1234567"},
    {"English, charity number", "Charity number: 1234567"},
    {"English, VAT", "VAT number 123 4567 89"},
    {"English, Welsh welcome",
     "We welcome correspondence in Welsh and English. Corresponding in Welsh will not "
     "lead to a delay."},
    {"English, Welsh welcome in other words",
     "Correspondence in Welsh is welcome and will not lead to delay."},
    {"Welsh, welcome in other words",
     "Croesewir gohebiaeth yn Gymraeg ac ni fydd yn arwain at oedi."},
    {"English, privacy policy",
     "Our privacy notice explains how we use your data: https://school.example/p"},
    {"English, environment alone", "P Please consider the environment"},
    {"English, save paper", "Save paper - do you really need to print this e-mail?"},
    {"English, do not print", "Do not print this email unless you must."},
    {"English, not monitored",
     "This message was sent via SIMS Parent. Please do not reply to this email address "
     "as it is not monitored."},
    {"English, scanner alone", "Scanned by Sophos."},
    {"English, company alone", "Greenfield is a company registered in England."},
    {"English, views and scanner",
     "This e-mail is private. Any views expressed are those of the author.\n"
     "Scanned by Sophos."},
    {"English, views alone",
     "This message is private and confidential. If you are not the intended recipient, "
     "please notify us.\n\nAny views expressed are those of the author.\n\n"
     "Greenfield is a company registered in England."},
    {"English, liability for the mail",
     "We accept no liability for any loss caused by this message or its copying."},
    {"German, Avast", "Virenfrei.www.avast.com"},
    {"French, Avast", "Garanti sans virus. www.avast.com"},
    {"list, unsubscribe", "To unsubscribe from this list, click here."},
    {"list, unsubscribe alone", "Unsubscribe"},
    {"list, because",
     "You are receiving this email because you subscribed to our newsletter.\n"
     "Unsubscribe https://lists.example/u"},
    {"list, Mailman", "_______________________________________________\n"
                      "Parents mailing list\nParents@lists.example\n"
                      "https://lists.example/mailman/listinfo/parents"},
    {"list, Mailman 3", "_______________________________________________\n"
                        "Parents mailing list -- parents@lists.example\n"
                        "To unsubscribe send an email to parents-leave@lists.example"},
    {"list, Google",
     "-- \nYou received this message because you are subscribed to the Google Groups "
     "\"Parents\" group.\nTo unsubscribe from this group and stop receiving emails "
     "from "
     "it, send an email to parents+unsubscribe@googlegroups.example.\n"
     "To view this discussion on the web visit "
     "https://groups.example/d/msgid/parents."},
    {"several paragraphs", "This email and any attachments are confidential.\n\n"
                           "If you are not the intended recipient, delete it.\n\n"
                           "Registered office: 1 High Street"},
    {"rule above", "________________________________\n"
                   "This email and any attachments are confidential."},
    {"rule and blank lines", "****************\n\nThis email has been scanned for "
                             "viruses.\n\n****************"},
    {"rule of equals signs", "==========\nIf you have received this email in error "
                             "please delete it.\n=========="},
    {"logo below", "If you have received this email in error please delete it.\n\n"
                   "[cid:image001.png@01D0.ABCD]"},
    {"address below", "If you have received this email in error please delete it.\n\n"
                      "Tel: 01632 960123\nwww.school.example"},
    {"bilingual",
     "Mae'r e-bost hwn ac unrhyw atodiadau yn gyfrinachol ac at ddefnydd y sawl y'i "
     "cyfeiriwyd ato yn unig.\n\n"
     "This email and any attachments are confidential and intended only for the "
     "addressee."},
    {"bilingual in one paragraph",
     "Os ydych wedi derbyn yr e-bost hwn drwy gamgymeriad, rhowch wybod i'r anfonwr.\n"
     "If you have received this email in error, please tell the sender."},

    {"Welsh, opening",
     "Mae'r e-bost hwn ac unrhyw ffeiliau a anfonir gydag ef yn gyfrinachol."},
    {"Welsh, message", "Mae'r neges hon ac unrhyw atodiad yn gyfrinachol."},
    {"Welsh, recipient", "Os nad chi yw'r derbynnydd bwriadedig, dilëwch y neges."},
    {"Welsh, environment", "Meddyliwch am yr amgylchedd cyn argraffu'r e-bost hwn."},
    {"Welsh, welcome", "Rydym yn croesawu gohebiaeth yn Gymraeg."},
    {"Welsh, charity", "Rhif elusen 1234567"},
    {"French, opening",
     "Ce message et toutes les pièces jointes sont établis à l'intention exclusive de "
     "ses destinataires et sont confidentiels."},
    {"French, in error",
     "Si vous avez reçu ce message par erreur, merci de le détruire et d'en avertir "
     "l'expéditeur."},
    {"French, recipient", "Si vous n’êtes pas le destinataire, détruisez ce courriel."},
    {"French, environment", "Pensez à l'environnement avant d'imprimer ce message."},
    {"French, antivirus",
     "L'absence de virus dans ce courrier électronique a été vérifiée par le logiciel "
     "antivirus Avast."},
    {"French, heading", "AVIS DE CONFIDENTIALITÉ : ce courriel est confidentiel."},
    {"French, list", "Pour vous désabonner, cliquez ici : http://liste.example"},
    {"German, opening",
     "Diese E-Mail enthält vertrauliche und/oder rechtlich geschützte Informationen. "
     "Wenn Sie nicht der richtige Adressat sind, informieren Sie bitte den Absender."},
    {"German, in error",
     "Sollten Sie diese E-Mail irrtümlich erhalten haben, löschen Sie sie bitte."},
    {"German, copying",
     "Das unerlaubte Kopieren sowie die unbefugte Weitergabe dieser Mail ist nicht "
     "gestattet."},
    {"German, environment",
     "Bitte denken Sie an die Umwelt, bevor Sie diese E-Mail drucken."},
    {"German, printing",
     "Bitte prüfen Sie, ob diese Mail wirklich ausgedruckt werden muss."},
    {"German, antivirus", "Diese E-Mail wurde von Avast auf Viren geprüft."},
    {"German, company",
     "Sitz der Gesellschaft: Berlin\nAmtsgericht Charlottenburg, HRB 12345"},
    {"German, heading", "Vertraulichkeitshinweis: Nur für den Empfänger."},
    {"Spanish, opening",
     "Este mensaje y sus archivos adjuntos van dirigidos exclusivamente a su "
     "destinatario."},
    {"Spanish, in error",
     "Si ha recibido este mensaje por error, le rogamos que lo elimine."},
    {"Spanish, recipient", "Si no es el destinatario, borre el mensaje."},
    {"Spanish, environment",
     "Antes de imprimir este correo, piense en el medio ambiente"},
    {"Spanish, heading", "AVISO DE CONFIDENCIALIDAD: este correo es confidencial."},
    {"Italian, opening",
     "Le informazioni contenute in questo messaggio di posta elettronica sono "
     "riservate al destinatario."},
    {"Italian, in error",
     "Se avete ricevuto questo messaggio per errore, vi preghiamo di distruggerlo."},
    {"Italian, environment", "Prima di stampare, pensa all'ambiente."},
    {"Italian, points",
     "Questa mail è destinata solo al destinatario; la diffusione è vietata."},
    {"Portuguese, opening",
     "Esta mensagem e os seus anexos podem conter informação confidencial."},
    {"Portuguese, in error",
     "Se recebeu esta mensagem por engano, por favor elimine-a e avise o remetente."},
    {"Portuguese, recipient", "Se não é o destinatário, não a pode utilizar."},
    {"Portuguese, environment", "Antes de imprimir este e-mail pense no ambiente."},
    {"Dutch, opening",
     "De informatie verzonden met dit e-mailbericht is uitsluitend bestemd voor de "
     "geadresseerde."},
    {"Dutch, recipient", "Indien u niet de geadresseerde bent, verwijder dit bericht."},
    {"Dutch, rights", "Aan dit bericht kunnen geen rechten worden ontleend."},
    {"Dutch, environment", "Denk aan het milieu voordat u deze e-mail print."},
    {"Polish, opening",
     "Niniejsza wiadomość jest przeznaczona wyłącznie dla adresata i może zawierać "
     "informacje poufne."},
    {"Polish, recipient", "Jeśli nie jesteś adresatem, usuń tę wiadomość."},
    {"Polish, environment", "Zanim wydrukujesz tę wiadomość, pomyśl o środowisku."},
    {"Swedish, opening",
     "Detta e-postmeddelande och eventuella bilagor är konfidentiella."},
    {"Swedish, in error",
     "Om du har fått detta meddelande av misstag, vänligen radera det."},
    {"Swedish, environment", "Tänk på miljön innan du skriver ut."},
    {"Danish, opening", "Denne e-mail og eventuelle vedhæftede filer er fortrolige."},
    {"Danish, in error",
     "Hvis du ved en fejl har modtaget denne e-mail, bedes du slette den."},
    {"Danish, environment", "Tænk på miljøet før du printer."},
    {"Norwegian, opening", "Denne e-posten og eventuelle vedlegg er konfidensielle."},
    {"Norwegian, in error",
     "Dersom du har mottatt denne e-posten ved en feil, vennligst slett den."},
    {"Norwegian, environment", "Tenk på miljøet før du skriver ut."},
    {"Finnish, opening",
     "Tämä viesti liitteineen on tarkoitettu vain sen vastaanottajalle."},
    {"Finnish, in error",
     "Jos olet saanut tämän viestin vahingossa, ilmoita siitä lähettäjälle."},
    {"Finnish, environment", "Ajattele ympäristöä ennen kuin tulostat."},
    {"Icelandic, opening", "Þessi tölvupóstur og viðhengi hans er trúnaðarmál."},
};

static void a_disclaimer_at_the_end_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(disclaimers); i++) {
        static const char *const gaps[] = {"\n", "\n________\n", "\n\n---\n\n"};

        for (size_t k = 0; k < COUNT(gaps); k++) {
            char *below = join(gaps[k], disclaimers[i].disclaimer);
            char *text = join("School is closed today.\n", below);
            char *kept = without_disclaimer(text);

            check_text(disclaimers[i].name, kept, "School is closed today.\n");
            free(kept);
            free(text);
            free(below);
        }
    }
}

static void a_text_that_sounds_like_one_is_kept(void **state)
{
    static const char *const rows[] = {
        "",
        "\n\n",
        "School is closed today.",
        "The meeting is confidential.",
        "Confidential: Tom was absent again.",
        "Strictly confidential information must not leave the room.",
        "This email is to tell you that the school is closed.",
        "This message is for all parents of Year 6.",
        "This email is confidential.",
        "This email is important, please read it.",
        "This email contains confidential information about Tom.",
        "This message is intended only for the parents of Year 6.",
        "This message is intended solely for parents of Year 6.",
        "Please delete the old timetable.",
        "Please delete the old timetable. It has errors.",
        "If you have received this letter by post please ignore it.",
        "If you have received this letter in error please return it.",
        "Some of you received this message in error. School is open.",
        "I sent this email in error, sorry.",
        "The car park is intended solely for the use of staff.",
        "The quiet room is intended only for Year 11.",
        "The school accepts no liability for lost property.",
        "We accept no responsibility for bikes left in the shed.",
        "Any views or opinions on the new uniform are welcome.",
        "The information contained in this leaflet is for parents.",
        "Disclaimer forms must be back by Friday.",
        "Confidentiality: please do not share the results.",
        "Important notice: the school is closed tomorrow.",
        "IMPORTANT NOTICE: School closed. No liability for bikes in the shed.",
        "Pupils registered in England can apply by Friday.",
        "Pupils registered in England or registered in Wales can apply.",
        "The information in this email replaces our mail of Monday. The bus leaves at "
        "8.",
        "This email may contain the wrong date: the trip is on Friday, not Thursday.",
        "If you have received this message in error, your child has moved class: ring "
        "01234 567890.",
        "This message and the attached form must be shown at the gate.",
        "This email and the attached form must be shown at the gate on Friday.",
        "This email is confidential and intended only for Year 6 parents: Mrs Jones "
        "has left the school.",
        "Important legal notice: the strike ballot closes on Friday.",
        "Important notice: do not delete this email before Friday.",
        "Privacy notice: our new privacy notice is on the website, please read it by "
        "Friday.",
        "Registered office staff will be in from 8am on Friday.",
        "You are receiving this message because you opted in to free school meals. "
        "Please top up.",
        "Disclaimer: trip subject to weather. Bring wellies.",
        "The views expressed in this message by parents will be discussed on Friday.",
        "All contents subject to the Freedom of Information Act request must be "
        "returned by Friday.",
        "Think before you print: ink is low, so use room 3 on Friday.",
        "We accept no liability for lost phones. Please label your bags with the "
        "recipient name and hand this message in at the gate.",
        "Do not print this email; show it on your phone at the gate to get in.",
        "Please do not reply to this message, ring us on 01234 567890.",
        "Registered charity Save the Owls comes on Monday.",
        "Company: Greenfield Theatre, all welcome.",
        "The hall has been scanned for asbestos and is safe.",
        "There is a virus going round; please keep ill children at home.",
        "This email is about Tom's unauthorised absence. Please see the attachments.",
        "This message is about a stomach virus. Please delete the old advice.",
        "We have had unauthorised access to confidential data. Please delete mails "
        "with "
        "attachments.",
        "You are receiving this message because your child is in Year 6. The trip is "
        "cancelled.",
        "You received this message because your child is in Year 6. Click here: "
        "https://forms.example/r/abc",
        "Reply STOP to unsubscribe.",
        "Bring the things on this list: https://school.example/list click here.",
        "To join the mailing list of the choir click here: https://choir.example",
        "Please print the form. Think of the environment.",
        "Think about the environment: walk to school!",
        "Recipients of the award meet at nine.",
        "Deletion of data is on the agenda, so is liability.",
        "Dear parents\nThis email is to say that the trip is on.\nBring boots.",
        "Unsubscribe x",
        "____",
        "No bus.\n____",
        "No bus.\n\n________________\n",
        "No bus.\n----\n****\n====\n",
        "No bus.\n\n[cid:image001.png@01D0.ABCD]",
        "No bus.\n\nTel: 01632 960123",
        "This email and I are confidential friends.\n\nNo bus.",
        "If you are not the intended recipient, delete this.\n\nNo bus today.",
        "Cette réunion est confidentielle.",
        "Ce message est pour les parents de la classe 6.",
        "Veuillez supprimer l'ancien horaire, c'était une erreur.",
        "Diese Nachricht ist nur für Eltern der Klasse 5.",
        "Diese E-Mail ist vertraulich.",
        "Bitte löschen Sie den alten Plan.",
        "Amtsgericht: Die Klasse 10a fährt morgen.",
        "Este mensaje va dirigido a los padres de sexto.",
        "Por favor, borre el horario anterior.",
        "Il presente messaggio è per informarvi che la scuola è chiusa.",
        "Prima di stampare il modulo, leggete le istruzioni.",
        "Esta mensagem é para os pais do 6.º ano.",
        "Dit bericht is uitsluitend voor ouders van groep 8.",
        "Als dit pakket niet voor u bestemd is, breng het terug.",
        "Niniejsza wiadomość informuje, że szkoła jest zamknięta.",
        "Tänk på miljön, cykla till skolan!",
        "Vi behandlar personuppgifter på mötet.",
        "Denne besked er kun til forældre i 5.a.",
        "Denne meldingen er kun for foreldre i 5A.",
        "Tämä viesti on tarkoitettu vain 5A:n vanhemmille.",
        "Mae'r cyfarfod yn gyfrinachol.",
        "Mae'r neges hon i rieni Blwyddyn 6.",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *kept = without_disclaimer(rows[i]);
        char *below = join("School is closed today.\n\n", rows[i]);

        check_text(rows[i], kept, rows[i]);
        free(kept);
        kept = without_disclaimer(below);
        check_text(rows[i], kept, below);
        free(kept);
        free(below);
    }
}

static void words_above_a_disclaimer_stay(void **state)
{
    static const struct {
        const char *name, *kept, *disclaimer;
    } rows[] = {
        {"no blank line between", "School is closed today.\n",
         "This email and any attachments are confidential.\n"},
        {"no blank line, certain words further down",
         "School is closed.\nBring boots.\n",
         "Our mails are good. If you are not the intended recipient, delete this.\n"},
        {"no blank line, several sentences", "School is closed today.\n",
         "This email is confidential.\nIf you are not the intended recipient of it, "
         "you "
         "must not read it.\n"},
        {"no blank line, wrapped",
         "School is closed today. Please do not send your\n"
         "child by bus.\n",
         "This email and any attachments to it may be confidential and are\n"
         "intended solely for the use of the individual to whom it is addressed.\n"},
        {"rule between", "School is closed today.\n",
         "________\nThis email and any attachments are confidential.\n"},
        {"a sentence between disclaimers stays, and the one above it",
         "If you have received this email in error, delete it.\n\nNo bus.\n",
         "\nThink before you print.\n"},
        {"a sentence in the same paragraph, below another disclaimer",
         "If you have received this email in error, delete it.\n\nNo bus today.\n",
         "This email and any attachments are confidential.\n"},
        {"name and title", "No bus.\n\nJo Smith\nHead\n",
         "\nRegistered charity no. 1234567\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = join(rows[i].kept, rows[i].disclaimer);
        char *kept = without_disclaimer(text);

        check_text(rows[i].name, kept, rows[i].kept);
        free(kept);
        free(text);
    }
}

static void lines_cut_before_are_not_seen(void **state)
{
    static const char text[] = "No bus.\n\nThink before you print.\n\n"
                               "A signature that was cut before.\n";
    struct body_lines lines;

    (void)state;
    read_lines(text, &lines);
    check_number("a sentence below",
                 (long long)disclaimer_find(lines.items, lines.count), 5);
    lines.items[4].is_cut = true;
    check_number("not seen", (long long)disclaimer_find(lines.items, lines.count), 1);
    body_lines_free(&lines);
}

static void a_banner_at_the_top_is_found(void **state)
{
    static const char *const rows[] = {
        "CAUTION: This email originated from outside of the organisation. Do not click "
        "links or open attachments unless you recognise the sender and know the "
        "content "
        "is safe.",
        "CAUTION: This email originated from outside of the organization.",
        "CAUTION: This email originated from outside the school. Do not\n"
        "click links or open attachments unless you recognise the sender\n"
        "and know the content is safe.",
        "CAUTION\nThis email originated from outside of the organisation.",
        "*CAUTION:* This e-mail originated from outside of the organisation.",
        "[CAUTION: This email originated from outside of the Trust]",
        "EXTERNAL",
        "[EXTERNAL]",
        "[External Email]",
        "*** EXTERNAL EMAIL ***",
        "[EXTERNAL EMAIL] DO NOT CLICK links or attachments unless you recognize the "
        "sender and know the content is safe.",
        "EXTERNAL EMAIL: Do not click links or open attachments from unknown senders.",
        "EXTERNAL SENDER. Use caution with links.",
        "WARNING: This message originated from outside the council.",
        "WARNING: this email came from outside. Be careful.",
        "This message was sent from outside the company. Please do not click links.",
        "This is an external email.",
        "ATTENTION: This email was sent by someone outside the school.",
        "You don't often get email from jo@school.example. Learn why this is important",
        "You don’t often get email from jo@school.example. Learn why this is "
        "important\n"
        "<https://aka.ms/LearnAboutSenderIdentification>",
        "[You don't often get email from jo@school.example. Learn why this is "
        "important "
        "at https://aka.ms/LearnAboutSenderIdentification ]",
        "Some people who received this message don't often get email from "
        "jo@school.example. Learn why this is important",
        "[EXTERNAL]\n\nYou don't often get email from jo@school.example. Learn why "
        "this "
        "is important",
        "\n\n[EXTERNAL]\n----------",
        "________\nCAUTION: This email originated from outside the school.\n________",
        "RHYBUDD: Daeth yr e-bost hwn o'r tu allan i'r sefydliad. Peidiwch â chlicio "
        "ar ddolenni.",
        "ATTENTION : Cet e-mail provient de l'extérieur de l'organisation.",
        "ATTENTION: Ce message provient d'un expéditeur externe. Ne cliquez pas.",
        "Vous n’obtenez pas souvent d’e-mail à partir de jo@ecole.example. Découvrez "
        "pourquoi cela est important",
        "ACHTUNG: Diese E-Mail stammt von außerhalb der Organisation.",
        "Achtung: Diese E-Mail stammt von einem externen Absender. Klicken Sie nicht "
        "auf "
        "Links.",
        "Sie erhalten nicht häufig E-Mails von jo@schule.example. Erfahren Sie, warum "
        "dies wichtig ist",
        "ATENCIÓN: Este correo electrónico procede de fuera de la organización.",
        "No suele recibir correos electrónicos de jo@escuela.example. Por qué esto es "
        "importante",
        "ATTENZIONE: Questa e-mail proviene dall'esterno dell'organizzazione.",
        "Non si ricevono spesso messaggi di posta elettronica da jo@scuola.example. "
        "Informazioni sul perché è importante",
        "ATENÇÃO: Este e-mail teve origem fora da organização.",
        "LET OP: Deze e-mail komt van buiten de organisatie.",
        "U ontvangt niet vaak e-mail van jo@school.example. Meer informatie over "
        "waarom "
        "dit belangrijk is",
        "UWAGA: Ta wiadomość pochodzi spoza organizacji. Nie klikaj linków.",
        "Nie otrzymujesz często wiadomości e-mail z jo@szkola.example. Dowiedz się, "
        "dlaczego jest to ważne",
        "VARNING: Detta e-postmeddelande kommer från en extern avsändare.",
        "Du får inte ofta e-post från jo@skola.example. Läs om varför det här är "
        "viktigt",
        "ADVARSEL: Denne e-mail kommer fra en ekstern afsender. Klik ikke på links.",
        "Du får ikke ofte mails fra jo@skole.example. Få mere at vide om, hvorfor "
        "dette "
        "er vigtigt",
        "ADVARSEL: Denne e-posten kommer fra en ekstern avsender.",
        "Du får ikke ofte e-post fra jo@skole.example. Finn ut hvorfor dette er viktig",
        "VAROITUS: Tämä viesti on peräisin organisaation ulkopuolelta.",
        "Et saa usein sähköpostia lähettäjältä jo@koulu.example. Lue, miksi tämä on "
        "tärkeää",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = join(rows[i], "\n\nSchool is closed today.\n\nNo bus.");
        char *kept = without_banner(text);

        check_text(rows[i], kept, "School is closed today.\n\nNo bus.");
        free(kept);
        free(text);
        text = join(rows[i], "\nSchool is closed today.");
        kept = without_banner(text);
        check_text(rows[i], kept, "School is closed today.");
        free(kept);
        free(text);
    }
}

static void check_banner(const char *row, const char *banner, const char *rest)
{
    char *text = join(banner, rest), *kept = without_banner(text);

    check_text(row, kept, rest);
    free(kept);
    free(text);
}

static void the_tip_on_first_contact_is_known_by_its_link(void **state)
{
    (void)state;
    check_banner("a language that is not known",
                 "Ez duzu maiz jasotzen jo@x helbidetik. "
                 "https://aka.ms/LearnAboutSenderIdentification\n",
                 "Bihar itxita\n");
    check_banner("its link on the next line",
                 "[Ez duzu maiz jasotzen mezurik helbide honetatik jo@x.example\n"
                 "https://aka.ms/LearnAboutSenderIdentification ]\n",
                 "Bihar itxita\n");
}

static void other_warnings_are_kept(void **state)
{
    static const char *const rows[] = {
        "",
        "\n\n",
        "School is closed today.",
        "CAUTION: the car park is icy.",
        "CAUTION: the outside doors are icy.",
        "WARNING: this message is for all. Outside play is cancelled.",
        "WARNING: a message from outside the school gate asks for money. Do not click.",
        "Warning: external doors stay shut.",
        "EXTERNAL exams begin on Monday.",
        "[EXTERNAL] School is closed today.",
        "External visitors meet at the gate.",
        "Note: our external email address has changed.",
        "Important: the external email system is down.",
        "This message is from the school.",
        "This email is to say that the trip is on. Please do not click the old link.",
        "You don't often get good news. Here is some.",
        "Please do not open the attachments of the last mail.",
        "ATTENTION : réunion externe lundi.",
        "ACHTUNG: Die Außentür klemmt.",
        "LET OP: de poort is dicht.",
        "UWAGA: szkoła zamknięta.",
        "RHYBUDD: mae'r maes parcio yn llithrig.",
        "RHYBUDD: cyfarfod o'r tu allan i'r ysgol.",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *kept = without_banner(rows[i]);
        size_t blank = strspn(rows[i], "\n");

        check_text(rows[i], kept, rows[i] + (rows[i][blank] == '\0' ? 0 : blank));
        free(kept);
    }
}

static void a_text_right_below_a_banner_stays(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"tag and text", "[EXTERNAL]\nPlease click the link to pay.",
         "Please click the link to pay."},
        {"banner and text",
         "CAUTION: This email originated from outside of the organisation.\n"
         "Please be careful, the car park is icy.",
         "Please be careful, the car park is icy."},
        {"broken banner and text",
         "CAUTION: This email\noriginated from outside the school.\nBring boots.",
         "Bring boots."},
        {"tip and text",
         "You don't often get email from jo@school.example. Learn why this is "
         "important\n"
         "Dear parents",
         "Dear parents"},
        {"a warning further down is text",
         "Dear parents\n\nCAUTION: This email originated from outside of the school.",
         "Dear parents\n\nCAUTION: This email originated from outside of the school."},
        {"only a banner", "[EXTERNAL]\n\n", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *kept = without_banner(rows[i].text);

        check_text(rows[i].name, kept, rows[i].want);
        free(kept);
    }
}

#define CAUTION "CAUTION: This email originated from outside of the school."

/* A text, and how much of it is a banner. */
static void a_banner_has_an_end(void **state)
{
    static const struct {
        const char *name, *banner, *rest;
    } rows[] = {
        {"eight lines", CAUTION "\n" REPEAT7("Do not click links.\n"),
         "Do not click links.\n"},
        {"four banners", REPEAT4("[EXTERNAL]\n\n"), "[EXTERNAL]\n\nNo bus."},
        {"a line of 50 octets goes on",
         "CAUTION: This mail came from outside of our school\nand so on\n", "No bus."},
        {"with the last letter, too",
         "CAUTION: This mail came from outside of our school\nzero\n", "No bus."},
        {"not in capitals", "CAUTION: This mail came from outside of our school\n",
         "And so on\nNo bus."},
        {"one of 49 does not", "CAUTION: This mail came from outside of my school\n",
         "and so on\nNo bus."},
    };
    char *line = unit_repeat("x", 601), *longest = NULL;
    struct body_lines lines;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_banner(rows[i].name, rows[i].banner, rows[i].rest);
    memcpy(line, CAUTION " ", strlen(CAUTION " "));
    check_banner("a line that is too long", "", line);
    line[600] = '\0';
    longest = join(line, "\n");
    check_banner("the longest line", longest, "No bus.");
    free(longest);
    free(line);

    read_lines(CAUTION "\nDo not click links.", &lines);
    check_number("no line behind the last is looked at",
                 (long long)disclaimer_banner_lines(lines.items, 1), 1);
    body_lines_free(&lines);
}

static void a_disclaimer_has_a_beginning(void **state)
{
    static const char notice[] = "This email and any attachments are confidential.\n\n";
    static const char number[] = "Tel: 01632 960123\n";
    static const struct {
        const char *name, *unit;
        size_t most;
    } rows[] = {
        {"paragraphs of a disclaimer", notice, 60},
        {"lines of contact data below it", number, 8},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool is_notice = rows[i].unit == notice;
        char *most = unit_repeat(rows[i].unit, rows[i].most);
        char *all = is_notice ? join("No bus.\n\n", most)
                              : join("No bus.\n\nThink before you print.\n\n", most);
        char *more = join(all, rows[i].unit);
        char *kept = without_disclaimer(all);

        check_text(rows[i].name, kept, "No bus.\n");
        free(kept);
        kept = without_disclaimer(more);
        if (is_notice)
            more[strlen("No bus.\n\n") + strlen(notice) - 1] = '\0';
        check_text("and one more", kept, more);
        free(kept);
        free(more);
        free(all);
        free(most);
    }
}

static void a_disclaimer_may_be_all(void **state)
{
    char *kept = without_disclaimer("Think before you print.");

    (void)state;
    check_text("a single line", kept, "");
    free(kept);
}

static void size_does_not_matter(void **state)
{
    static const char notice[] = "If you are not the intended recipient, delete this. ";
    char *texts[] = {
        unit_repeat("\n", 1000000),
        unit_repeat("____\n", 1000000),
        unit_repeat("a\n", 1000000),
        unit_repeat("a ", 524288),
        unit_repeat("this email ", 100000),
        unit_repeat("this email\n", 100000),
        unit_repeat("this email\n\n", 100000),
        unit_repeat("[EXTERNAL]\n\n", 100000),
    };
    char *line = unit_repeat(notice, 1048576 / strlen(notice));
    char *below = join("No bus.\n\n", line);
    char *kept = without_disclaimer(below);

    (void)state;
    check_text("a disclaimer of a megabyte", kept, "No bus.\n");
    free(kept);
    free(below);
    free(line);
    for (size_t i = 0; i < COUNT(texts); i++) {
        kept = without_disclaimer(texts[i]);
        check_true("no disclaimer", strcmp(kept, texts[i]) == 0);
        free(kept);
        free(without_banner(texts[i]));
        free(texts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_disclaimer_at_the_end_is_found),
        UNIT_TEST(a_text_that_sounds_like_one_is_kept),
        UNIT_TEST(words_above_a_disclaimer_stay),
        UNIT_TEST(lines_cut_before_are_not_seen),
        UNIT_TEST(a_banner_at_the_top_is_found),
        UNIT_TEST(the_tip_on_first_contact_is_known_by_its_link),
        UNIT_TEST(other_warnings_are_kept),
        UNIT_TEST(a_text_right_below_a_banner_stays),
        UNIT_TEST(a_banner_has_an_end),
        UNIT_TEST(a_disclaimer_has_a_beginning),
        UNIT_TEST(a_disclaimer_may_be_all),
        UNIT_TEST(size_does_not_matter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
