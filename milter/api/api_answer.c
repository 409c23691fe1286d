/* SPDX-License-Identifier: ISC */
#include "api/api_answer.h"

#include <stdlib.h>
#include <string.h>

#include "secret/secret.h"
#include "secret/secret_memory.h"

bool api_answer_init(struct api_answer *answer)
{
    *answer = (struct api_answer){.body = calloc(1, 1)};
    return answer->body != NULL;
}

bool api_answer_append(struct api_answer *answer, const char *text, size_t size_bytes)
{
    size_t old_bytes = answer->size_bytes;
    char *grown = malloc(old_bytes + size_bytes + 1);

    if (!grown)
        return false;
    memcpy(grown, answer->body, old_bytes);
    memcpy(grown + old_bytes, text, size_bytes);
    grown[old_bytes + size_bytes] = '\0';
    secret_wipe(answer->body, old_bytes);
    free(answer->body);
    answer->body = grown;
    answer->size_bytes += size_bytes;
    return true;
}

void api_answer_free(struct api_answer *answer)
{
    secret_wipe(answer->body, answer->size_bytes);
    free(answer->body);
    *answer = (struct api_answer){0, NULL, 0};
    secret_registers_wipe();
}
