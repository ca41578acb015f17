/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake_kit.h"

int main(void)
{
	return 0;
}
