using System.Buffers;
using AlexNetTF.TensorFlow;

namespace AlexNetTF.Tests.Formats;

public sealed class SnappyTests
{
    [Test]
    public void Every_kind_of_element_by_hand()
    {
        // length 20; literal "abcd"; copy of 4 from 4 back (11 bits); copy of 8 from 8 back (16 bits); copy of 4 from 16 back (32 bits)
        byte[] block = [20, 3 << 2, (byte)'a', (byte)'b', (byte)'c', (byte)'d', 1, 4, (7 << 2) | 2, 8, 0, (3 << 2) | 3, 16, 0, 0, 0];
        Assert.That(Snappy.Decode(block), Is.EqualTo("abcdabcdabcdabcdabcd"u8.ToArray()));
    }

    [Test]
    public void A_copy_may_reach_into_its_own_output()
    {
        byte[] block = [9, 0, (byte)'x', (7 << 2) | 2, 1, 0];
        Assert.That(Snappy.Decode(block), Is.EqualTo("xxxxxxxxx"u8.ToArray()));
    }

    [TestCase(1, 61)]
    [TestCase(2, 1000)]
    [TestCase(3, 70_000)]
    [TestCase(4, 300_000)]
    public void Literals_with_their_length_in_further_bytes(int bytes, int length)
    {
        var block = new ArrayBufferWriter<byte>();
        block.WriteVarint((ulong)length);
        block.Write<byte>([(byte)((59 + bytes) << 2)]);
        for (int i = 0; i < bytes; i++) block.Write<byte>([(byte)((length - 1) >> (8 * i))]);
        var content = new byte[length];
        new Random(1).NextBytes(content);
        block.Write(content);
        Assert.That(Snappy.Decode(block.WrittenSpan), Is.EqualTo(content));
    }

    [FsCheck.NUnit.Property]
    public bool Decodes_what_a_plain_encoder_wrote(byte[] data)
    {
        byte[] repetitive = [.. data.Select(value => (byte)(value % 3)), .. data, .. data];
        return Snappy.Decode(SnappyEncoder.Encode(repetitive)) is { } decoded && decoded.AsSpan().SequenceEqual(repetitive);
    }

    [TestCase(new byte[] { }, TestName = "nothing")]
    [TestCase(new byte[] { 5, 0, 1 }, TestName = "too little output")]
    [TestCase(new byte[] { 1, 4, 1, 2 }, TestName = "too much output")]
    [TestCase(new byte[] { 4, 1, 1 }, TestName = "copy from before the start")]
    [TestCase(new byte[] { 5, 0, 1, 1, 0 }, TestName = "copy from distance 0")]
    [TestCase(new byte[] { 5, 0, 1, 2, 1 }, TestName = "cut in a distance")]
    [TestCase(new byte[] { 0xff, 0xff, 0xff, 0xff, 7, 0, 1 }, TestName = "length that the block cannot give")]
    public void Malformed_blocks_are_refused(byte[] block) => Assert.That(Snappy.Decode(block), Is.Null);
}
