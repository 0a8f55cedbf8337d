using System.Buffers.Binary;

namespace AlexNetTF.Tests.Weights;

/// <summary>Changes a file blindly: a few times, each time in one of the ways that formats break.</summary>
internal static class Mutation
{
    private static readonly ulong[] Interesting =
    [
        0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF, 0x8000000000000000, 0xFFFFFFFFFFFFFFFF, 0x4000000000000000,
    ];

    public static byte[] Of(byte[] seed, IReadOnlyList<byte[]> seeds, Random random)
    {
        byte[] bytes = [.. seed];
        for (int changes = random.Next(3) == 0 ? random.Next(2, 5) : 1; changes > 0 && bytes.Length > 0; changes--)
        {
            bytes = Change(bytes, seeds, random);
        }

        return bytes;
    }

    private static byte[] Change(byte[] bytes, IReadOnlyList<byte[]> seeds, Random random)
    {
        // Headers are where the structure is: half of the changes go there.
        int at = random.Next(2) == 0 ? random.Next(Math.Min(bytes.Length, 600)) : random.Next(bytes.Length);
        int length = Math.Min(1 << random.Next(10), bytes.Length - at);
        switch (random.Next(9))
        {
            case 0: bytes[at] ^= (byte)(1 << random.Next(8)); return bytes;
            case 1: bytes[at] = (byte)random.Next(256); return bytes;
            case 2: return Overwrite(bytes, at, random);
            case 3: return bytes[..at];
            case 4: return [.. bytes[..at], .. bytes[(at + length)..]];
            case 5: return [.. bytes[..(at + length)], .. bytes[at..]];
            case 6: return [.. bytes[..at], .. new byte[length], .. bytes[at..]];
            case 7: return Digit(bytes, at, random);
            default: return Splice(bytes, at, seeds[random.Next(seeds.Count)], random);
        }
    }

    private static byte[] Overwrite(byte[] bytes, int at, Random random)
    {
        Span<byte> number = stackalloc byte[8];
        ulong value = Interesting[random.Next(Interesting.Length)];
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(number, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(number, value);
        }

        int width = Math.Min(1 << random.Next(4), bytes.Length - at);
        number[..width].CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    /// <summary>Changes the next number in text, which a random byte would seldom meet.</summary>
    private static byte[] Digit(byte[] bytes, int at, Random random)
    {
        int digit = bytes.AsSpan(at).IndexOfAnyInRange((byte)'0', (byte)'9');
        if (digit >= 0)
        {
            bytes[at + digit] = (byte)('0' + random.Next(10));
        }

        return bytes;
    }

    private static byte[] Splice(byte[] bytes, int at, byte[] other, Random random) => [.. bytes[..at], .. other[random.Next(other.Length)..]];
}
