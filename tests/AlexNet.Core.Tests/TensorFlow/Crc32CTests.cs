using System.Text;
using AlexNetTF.TensorFlow;

namespace AlexNetTF.Tests.Formats;

public sealed class Crc32CTests
{
    [Test]
    public void Check_value_of_the_polynomial_and_its_masked_form()
    {
        uint crc = Crc32C.Compute("123456789"u8);
        Assert.That(crc, Is.EqualTo(0xE3069283));
        Assert.That(Crc32C.Mask(crc), Is.EqualTo(0xC78AB0E5));
        Assert.That(Crc32C.Unmask(0xC78AB0E5), Is.EqualTo(crc));
    }

    [FsCheck.NUnit.Property]
    public bool Equals_the_bitwise_definition(byte[] data) => Crc32C.Compute(data) == Bitwise(data);

    [FsCheck.NUnit.Property]
    public bool Goes_on_where_it_stopped(byte[] first, byte[] second) =>
        Crc32C.Extend(Crc32C.Compute(first), second) == Crc32C.Compute([.. first, .. second]);

    [FsCheck.NUnit.Property]
    public bool Unmask_undoes_mask(uint crc) => Crc32C.Unmask(Crc32C.Mask(crc)) == crc;

    private static uint Bitwise(byte[] data)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78 : 0);
        }

        return ~crc;
    }
}
