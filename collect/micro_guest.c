#include "collect/micro_guest.h"

#include <string.h>
#include "core/alloc.h"

/*
 * x86: a boot sector; the BIOS loads it to 0x7c00 and jumps there. COM1 is at port 0x3f8; QEMU's
 * isa-debug-exit at port 0xf4 ends QEMU with status 2 * 0x10 + 1.
 *
 *         cli
 *         xor  %ax, %ax
 *         mov  %ax, %ds
 *         mov  $0x7c00 + (msg - start), %si
 *     1:  lodsb
 *         test %al, %al
 *         jz   2f
 *         mov  $0x3f8, %dx
 *         out  %al, %dx
 *         jmp  1b
 *     2:  mov  $0xf4, %dx
 *         mov  $0x10, %al
 *         out  %al, %dx
 *     3:  hlt
 *         jmp  3b
 *     msg: .asciz "SBSTAT-PROBE\n"
 *         .org 510
 *         .word 0xaa55
 */
static const unsigned char boot_sector[512] = {
    0xfa, 0x31, 0xc0, 0x8e, 0xd8, 0xbe, 0x1c, 0x7c, 0xac, 0x84, 0xc0, 0x74, 0x06,         0xba,         0xf8,
    0x03, 0xee, 0xeb, 0xf5, 0xba, 0xf4, 0x00, 0xb0, 0x10, 0xee, 0xf4, 0xeb, 0xfd,         0x53,         0x42,
    0x53, 0x54, 0x41, 0x54, 0x2d, 0x50, 0x52, 0x4f, 0x42, 0x45, 0x0a, 0x00, [510] = 0x55, [511] = 0xaa,
};
static const char *const boot_sector_argv[] = {
    "-m", "16", "-drive", "if=ide,format=raw,file=FILE", "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
    NULL,
};

/*
 * aarch64: put into the memory of QEMU's machine "virt", whose PL011 serial port is at 0x09000000; switched
 * off through PSCI (SYSTEM_OFF, Arm DEN 0022).
 *
 *         movz x1, #0x0900, lsl #16
 *         adr  x2, msg
 *     1:  ldrb w3, [x2]
 *         add  x2, x2, #1
 *         cbz  w3, 2f
 *         str  w3, [x1]
 *         b    1b
 *     2:  movz w0, #0x8400, lsl #16
 *         movk w0, #0x0008
 *         hvc  #0
 *     3:  wfi
 *         b    3b
 *     msg: .asciz "SBSTAT-PROBE\n"
 */
static const unsigned char arm_code[] = {
    0x01, 0x20, 0xa1, 0xd2, 0x62, 0x01, 0x00, 0x10, 0x43, 0x00, 0x40, 0x39, 0x42, 0x04, 0x00, 0x91,
    0x63, 0x00, 0x00, 0x34, 0x23, 0x00, 0x00, 0xb9, 0xfc, 0xff, 0xff, 0x17, 0x00, 0x80, 0xb0, 0x52,
    0x00, 0x01, 0x80, 0x72, 0x02, 0x00, 0x00, 0xd4, 0x7f, 0x20, 0x03, 0xd5, 0xff, 0xff, 0xff, 0x17,
    0x53, 0x42, 0x53, 0x54, 0x41, 0x54, 0x2d, 0x50, 0x52, 0x4f, 0x42, 0x45, 0x0a, 0x00,
};
static const char *const arm_code_argv[] = {
    "-m", "64", "-device", "loader,addr=0x40200000,cpu-num=0,file=FILE", NULL,
};

static const struct sb_micro_guest guests[] = {
    {.arch = "x86_64", .bytes = boot_sector, .len = sizeof boot_sector, .argv = boot_sector_argv},
    {.arch = "aarch64", .bytes = arm_code, .len = sizeof arm_code, .argv = arm_code_argv},
};

const struct sb_micro_guest *sb_micro_guest(const char *arch)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(guests); i++)
        if (strcmp(guests[i].arch, arch) == 0) return &guests[i];
    return NULL;
}
