using System.Buffers;
using AlexNetTF.TensorFlow;

namespace AlexNetTF.Tests.Formats;

public sealed class OrderedCodeTests
{
    [TestCase(0, "80")]
    [TestCase(3, "83")]
    [TestCase(63, "bf")]
    [TestCase(64, "c040")]
    [TestCase(-1, "7f")]
    [TestCase(-64, "40")]
    [TestCase(-65, "3fbf")]
    [TestCase(0x424242, "f0424242")]
    [TestCase(-0x800, "3800")]
    [TestCase(long.MaxValue, "ffc07fffffffffffffff")]
    [TestCase(long.MinValue, "003f8000000000000000")]
    public void Known_numbers(long value, string hex) => Assert.That(Convert.ToHexStringLower(Encode(value)), Is.EqualTo(hex));

    [FsCheck.NUnit.Property]
    public bool Keys_sort_as_numbers_do(long a, long b) => Math.Sign(Encode(a).AsSpan().SequenceCompareTo(Encode(b))) == a.CompareTo(b);

    [Test]
    public void Keys_sort_as_numbers_do_at_every_length()
    {
        long[] values = [.. Enumerable.Range(0, 63).SelectMany(bit => (long[])[(1L << bit) - 1, 1L << bit, -(1L << bit), -(1L << bit) - 1]).Distinct().Order()];
        for (int i = 1; i < values.Length; i++)
        {
            Assert.That(Encode(values[i - 1]).AsSpan().SequenceCompareTo(Encode(values[i])), Is.LessThan(0), $"{values[i - 1]}, {values[i]}");
        }
    }

    private static byte[] Encode(long value)
    {
        var key = new ArrayBufferWriter<byte>();
        OrderedCode.WriteSigned(key, value);
        return key.WrittenSpan.ToArray();
    }
}
