using System.Numerics;
using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using Google.Protobuf;

namespace AlexNetTF.Tests.Formats;

public sealed class TensorCodecTests
{
    [Test]
    public void Content_wins_over_lists()
    {
        TensorProto tensor = New(DataType.DtFloat, 2);
        tensor.TensorContent = ByteString.CopyFrom(0, 0, 128, 63, 0, 0, 0, 64);
        tensor.FloatVal.Add(9);
        Assert.That(Decode(tensor).As<float>().ToArray(), Is.EqualTo((float[])[1, 2]));
    }

    [TestCase(new float[] { }, new float[] { 0, 0, 0, 0 }, TestName = "an empty list: zeros")]
    [TestCase(new float[] { 7 }, new float[] { 7, 7, 7, 7 }, TestName = "one value: all")]
    [TestCase(new float[] { 1, 2 }, new float[] { 1, 2, 2, 2 }, TestName = "a short list: the last repeats")]
    [TestCase(new float[] { 1, 2, 3, 4 }, new float[] { 1, 2, 3, 4 }, TestName = "a full list")]
    [TestCase(new float[] { 1, 2, 3, 4, 5 }, new float[] { 1, 2, 3, 4 }, TestName = "a long list: the rest is ignored")]
    public void Lists_of_any_length(float[] listed, float[] expected)
    {
        TensorProto tensor = New(DataType.DtFloat, 2, 2);
        tensor.FloatVal.AddRange(listed);
        Assert.That(Decode(tensor).As<float>().ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void Strings_repeat_too()
    {
        TensorProto tensor = New(DataType.DtString, 3);
        Assert.That(Decode(tensor).Strings, Is.EqualTo((byte[][])[[], [], []]));
        tensor.StringVal.Add(ByteString.CopyFromUtf8("x"));
        Assert.That(Decode(tensor).Strings, Is.EqualTo((byte[][])[[120], [120], [120]]));
    }

    [Test]
    public void Every_list_is_read_as_its_type()
    {
        Assert.That(One(DataType.DtDouble, tensor => tensor.DoubleVal.Add(0.1)).As<double>()[0], Is.EqualTo(0.1));
        Assert.That(One(DataType.DtInt32, tensor => tensor.IntVal.Add(-1)).As<int>()[0], Is.EqualTo(-1));
        Assert.That(One(DataType.DtUint8, tensor => tensor.IntVal.Add(255)).As<byte>()[0], Is.EqualTo(255));
        Assert.That(One(DataType.DtInt8, tensor => tensor.IntVal.Add(-128)).As<sbyte>()[0], Is.EqualTo(-128));
        Assert.That(One(DataType.DtInt16, tensor => tensor.IntVal.Add(-32768)).As<short>()[0], Is.EqualTo(-32768));
        Assert.That(One(DataType.DtUint16, tensor => tensor.IntVal.Add(65535)).As<ushort>()[0], Is.EqualTo(65535));
        Assert.That(One(DataType.DtQint32, tensor => tensor.IntVal.Add(5)).As<int>()[0], Is.EqualTo(5));
        Assert.That(One(DataType.DtHalf, tensor => tensor.HalfVal.Add(0x3c00)).As<Half>()[0], Is.EqualTo((Half)1));
        Assert.That(One(DataType.DtBfloat16, tensor => tensor.HalfVal.Add(0x3f80)).As<ushort>()[0], Is.EqualTo(0x3f80));
        Assert.That(One(DataType.DtInt64, tensor => tensor.Int64Val.Add(long.MinValue)).As<long>()[0], Is.EqualTo(long.MinValue));
        Assert.That(One(DataType.DtBool, tensor => tensor.BoolVal.Add(true)).As<bool>()[0], Is.True);
        Assert.That(One(DataType.DtUint32, tensor => tensor.Uint32Val.Add(uint.MaxValue)).As<uint>()[0], Is.EqualTo(uint.MaxValue));
        Assert.That(One(DataType.DtUint64, tensor => tensor.Uint64Val.Add(ulong.MaxValue)).As<ulong>()[0], Is.EqualTo(ulong.MaxValue));
        Assert.That(One(DataType.DtComplex64, tensor => tensor.ScomplexVal.Add([1, 2])).Bytes.ToArray(), Is.EqualTo((byte[])[0, 0, 128, 63, 0, 0, 0, 64]));
        Assert.That(One(DataType.DtComplex128, tensor => tensor.DcomplexVal.Add([1, 2])).As<Complex>()[0], Is.EqualTo(new Complex(1, 2)));
    }

    [Test]
    public void Single_values_come_back_as_the_list_of_their_type([Range(1, 23)] int type)
    {
        var element = (DataType)type;
        int size = DataTypes.Size(element);
        if (size == 0) Assert.Pass("This type has no numbers.");
        byte[] bytes = [.. Enumerable.Range(1, size).Select(i => element == DataType.DtBool ? (byte)1 : (byte)(i * 7))];
        TensorProto tensor = TensorCodec.Encode(TensorValue.OfBytes(element, bytes));
        Assert.That(tensor.TensorContent, Is.Empty);
        Assert.That(Decode(tensor).Bytes.ToArray(), Is.EqualTo(bytes));
        TensorProto two = TensorCodec.Encode(TensorValue.OfBytes(element, (byte[])[.. bytes, .. bytes], 2));
        Assert.That(two.TensorContent.Length, Is.EqualTo(2 * size));
        Assert.That(Decode(two).Bytes.ToArray(), Is.EqualTo((byte[])[.. bytes, .. bytes]));
    }

    [FsCheck.NUnit.Property]
    public bool Numbers_come_back(int[] values) =>
        Decode(TensorCodec.Encode(TensorValue.Of<int>(values, values.Length))).As<int>().SequenceEqual(values);

    [Test]
    public void Wrong_tensors_are_refused_by_node()
    {
        (string What, TensorProto Tensor)[] wrong =
        [
            ("unknown size", New(DataType.DtFloat, -1)),
            ("unknown rank", new TensorProto { Dtype = DataType.DtFloat, TensorShape = new TensorShapeProto { UnknownRank = true } }),
            ("size that overflows", New(DataType.DtFloat, 1L << 32, 1L << 32)),
            ("too much to fill in", New(DataType.DtFloat, 1L << 28)),
            ("too many strings to fill in", New(DataType.DtString, 1L << 28)),
            ("no type", New(DataType.DtInvalid, 1)),
            ("resource", New(DataType.DtResource, 1)),
            ("content too short", new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shapes.ToProto([2]), TensorContent = ByteString.CopyFrom(1, 2, 3, 4) }),
            ("content too long", new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shapes.ToProto([]), TensorContent = ByteString.CopyFrom(1, 2, 3, 4, 5, 6, 7, 8) }),
        ];
        foreach ((string what, TensorProto tensor) in wrong)
        {
            Assert.That(() => Decode(tensor), Throws.TypeOf<FileFormatException>().With.Message.Contains("node \"x\""), what);
        }
    }

    private static TensorProto New(DataType type, params long[] shape) => new() { Dtype = type, TensorShape = Shapes.ToProto(shape) };

    private static TensorValue One(DataType type, Action<TensorProto> fill)
    {
        TensorProto tensor = New(type);
        fill(tensor);
        return Decode(tensor);
    }

    private static TensorValue Decode(TensorProto tensor) => TensorCodec.Decode(tensor, "file", "node \"x\"");
}
