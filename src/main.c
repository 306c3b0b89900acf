#include <stdio.h>

int main(void)
{
    puts("beckon " BECKON_VERSION);
    return 0;
}
