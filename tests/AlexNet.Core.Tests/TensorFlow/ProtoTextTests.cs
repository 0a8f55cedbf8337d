
using System.Text;
using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using Google.Protobuf;

namespace AlexNetTF.Tests.Formats;

public sealed class ProtoTextTests
{
    [TestCase(1f, "1.0")]
    [TestCase(-0f, "-0.0")]
    [TestCase(0.1f, "0.1")]
    [TestCase(2e-5f, "2e-05")]
    [TestCase(1e-4f, "0.0001")]
    [TestCase(0.022380272f, "0.022380272")]
    [TestCase(16777216f, "16777216.0")]
    [TestCase(1e15f, "1000000000000000.0")]
    [TestCase(1e16f, "1e+16")]
    [TestCase(3.4028235e38f, "3.4028235e+38")]
    [TestCase(float.Epsilon, "1.4013e-45")]
    [TestCase(float.NaN, "nan")]
    [TestCase(float.NegativeInfinity, "-inf")]
    public void Float32_as_Python_writes_it(float value, string text)
    {
        Assert.That(PythonNumbers.Repr(value), Is.EqualTo(text));
        Assert.That(ReadFloat(PythonNumbers.Repr(value)), Is.EqualTo(value));
    }

    [TestCase(1d, "1.0")]
    [TestCase(0.1, "0.1")]
    [TestCase(1e-5, "1e-05")]
    [TestCase(123456789.125, "123456789.125")]
    [TestCase(1e16, "1e+16")]
    [TestCase(9007199254740993d, "9007199254740992.0")]
    [TestCase(1.7976931348623157e308, "1.7976931348623157e+308")]
    [TestCase(5e-324, "5e-324")]
    [TestCase(1500000000.25, "1500000000.25")]
    public void Float64_as_Python_writes_it(double value, string text) => Assert.That(PythonNumbers.Repr(value), Is.EqualTo(text));

    [TestCase(0.75f, "0.75")]
    [TestCase(1f, "1")]
    [TestCase(2e-5f, "1.99999995e-05")]
    [TestCase(1e-8f, "9.99999994e-09")]
    [TestCase(123456789f, "123456792")]
    [TestCase(1e10f, "1e+10")]
    [TestCase(0f, "0")]
    [TestCase(-0.05f, "-0.0500000007")]
    public void Nine_digits_as_C_prints_them(float value, string text) => Assert.That(PythonNumbers.NineDigits(value), Is.EqualTo(text));

    [FsCheck.NUnit.Property]
    public bool Any_float32_comes_back(float value) => ReadFloat(PythonNumbers.Repr(value)).Equals(value);

    [FsCheck.NUnit.Property]
    public bool Any_float64_comes_back(double value) =>
        Read($"all_model_checkpoint_timestamps: {PythonNumbers.Repr(value)}", CheckpointState.Parser, CheckpointState.Descriptor).AllModelCheckpointTimestamps[0].Equals(value);

    [FsCheck.NUnit.Property]
    public bool Any_bytes_come_back(byte[] bytes)
    {
        var message = new AttrValue { S = ByteString.CopyFrom(bytes) };
        string text = ProtoTextWriter.Write(message);
        return text.All(c => c is '\n' or (>= ' ' and < (char)127)) && Read(text, AttrValue.Parser, AttrValue.Descriptor).Equals(message);
    }

    [Test]
    public void Every_kind_of_field_is_written_and_read()
    {
        var message = new AttrValue
        {
            List = new AttrValue.Types.ListValue
            {
                S = { ByteString.CopyFromUtf8("it's \"é\"\n") }, I = { -1, long.MaxValue }, F = { 0.5f, float.NegativeInfinity }, B = { true, false },
                Type = { DataType.DtFloatRef, (DataType)999 }, Shape = { new TensorShapeProto { UnknownRank = true } },
                Tensor = { new TensorProto { Dtype = DataType.DtUint64, Uint64Val = { ulong.MaxValue }, HalfVal = { -5 } } },
                Func = { new NameAttrList { Name = "f", Attr = { ["b"] = new AttrValue { B = true }, ["a"] = new AttrValue { List = new AttrValue.Types.ListValue() } } } },
            },
        };
        string text = ProtoTextWriter.Write(message);
        Assert.That(text, Is.EqualTo("""
            list {
              s: "it\'s \"\303\251\"\n"
              i: -1
              i: 9223372036854775807
              f: 0.5
              f: -inf
              b: true
              b: false
              type: DT_FLOAT_REF
              type: 999
              shape {
                unknown_rank: true
              }
              tensor {
                dtype: DT_UINT64
                half_val: -5
                uint64_val: 18446744073709551615
              }
              func {
                name: "f"
                attr {
                  key: "a"
                  value {
                    list {
                    }
                  }
                }
                attr {
                  key: "b"
                  value {
                    b: true
                  }
                }
              }
            }

            """));
        Assert.That(Read(text, AttrValue.Parser, AttrValue.Descriptor), Is.EqualTo(message));
        var config = new ConfigProto { DeviceCount = { ["GPU"] = 0 }, GpuOptions = new GPUOptions { PerProcessGpuMemoryFraction = 0.25 } };
        Assert.That(Read(ProtoTextWriter.Write(config), ConfigProto.Parser, ConfigProto.Descriptor), Is.EqualTo(config));
        var job = new JobDef { Tasks = { [10] = "c", [2] = "b", [-1] = "a" } };
        Assert.That(ProtoTextWriter.Write(job).Split('\n').Where(line => line.Contains("key", StringComparison.Ordinal)).Select(line => line.Trim()), Is.EqualTo((string[])["key: -1", "key: 2", "key: 10"]));
        Assert.That(Read(ProtoTextWriter.Write(job), JobDef.Parser, JobDef.Descriptor), Is.EqualTo(job));
        var entry = new BundleEntryProto { Crc32C = uint.MaxValue, Dtype = DataType.DtHalf };
        Assert.That(ProtoTextWriter.Write(entry), Is.EqualTo("dtype: DT_HALF\ncrc32c: 4294967295\n"));
        Assert.That(Read(ProtoTextWriter.Write(entry), BundleEntryProto.Parser, BundleEntryProto.Descriptor), Is.EqualTo(entry));
    }

    // Forms that other writers use.
    [TestCase("list{i:[1,2 , 3]}")]
    [TestCase("list: <i: 1; i: 2, i: 3>")]
    [TestCase("# a comment\nlist { # another\n i: 01 i: 0x2 i: 3 }")]
    [TestCase("list { i: [] i: 1 i: [2, 3] };")]
    public void Forms_of_writing(string text) =>
        Assert.That(Read(text, AttrValue.Parser, AttrValue.Descriptor).List.I, Is.EqualTo((long[])[1, 2, 3]));

    [TestCase("s: 'a' \"b\"\n 'c'", "abc")]
    [TestCase(@"s: 'it\'s'", "it's")]
    [TestCase(@"s: '\x41\102\u00e9\U0001F600\?\a'", "ABé😀?\a")]
    [TestCase("s: 'é # no comment'", "é # no comment")]
    public void Forms_of_strings(string text, string expected) =>
        Assert.That(Read(text, AttrValue.Parser, AttrValue.Descriptor).S.ToStringUtf8(), Is.EqualTo(expected));

    [TestCase("f: 1", 1f)]
    [TestCase("f: -1.5F", -1.5f)]
    [TestCase("f: - .5", -0.5f)]
    [TestCase("f: 1e-3f", 1e-3f)]
    [TestCase("f: -Infinity", float.NegativeInfinity)]
    [TestCase("f: NaN", float.NaN)]
    [TestCase("f: 1e400", float.PositiveInfinity)]
    public void Forms_of_numbers(string text, float expected) => Assert.That(Read(text, AttrValue.Parser, AttrValue.Descriptor).F, Is.EqualTo(expected));

    [TestCase("b: T", "b takes true or false")]
    [TestCase("i: 1.5", "i takes a whole number")]
    [TestCase("i: 9223372036854775808", "i takes a whole number")]
    [TestCase("i: 08", "i takes a whole number")]
    [TestCase("i: \"1\"", "a value for i")]
    [TestCase("type: DT_FLAOT", "a constant of DataType")]
    [TestCase("f: 1.2.3", "f takes a number")]
    [TestCase("f: 1,5", "has the fields")]
    [TestCase("list { i: 1", "a field of ListValue")]
    [TestCase("list { i: 1 } }", "a field of AttrValue")]
    [TestCase("list i: 1", "'{' should stand here")]
    [TestCase("i 1", "':' should stand here")]
    [TestCase("i: 1 i: 2", "only one value")]
    [TestCase("i: 1 s: 'x'", "only one value")]
    [TestCase("x: 1", "has the fields")]
    [TestCase("s: 'open", "no end")]
    [TestCase("s: 'open\n'", "no end")]
    [TestCase(@"s: '\z'", "escape sequence")]
    [TestCase(@"s: '\777'", "escape sequence")]
    [TestCase(@"s: '\uD800'", "escape sequence")]
    [TestCase("list { i: [1 2] }", "']' should stand here")]
    [TestCase("placeholder: '\\377'", "UTF-8")]
    [TestCase("[ext]: 1", "a field of AttrValue")]
    [TestCase("é: 1", "a field of AttrValue")]
    public void Mistakes_are_named(string text, string problem) => Assert.That(
        () => Read(text, AttrValue.Parser, AttrValue.Descriptor), Throws.TypeOf<FileFormatException>().With.Message.Contains(problem));

    [Test]
    public void The_place_of_a_mistake_is_named() => Assert.That(
        () => Read("list {\n  i: 1\n  i: x\n}", AttrValue.Parser, AttrValue.Descriptor), Throws.TypeOf<FileFormatException>().With.Message.Contains("line 3, column 6"));

    [Test]
    public void Deep_nesting_is_refused()
    {
        string text = string.Concat(Enumerable.Repeat("func { attr { key: 'a' value { ", 50_000));
        Assert.That(() => Read(text, AttrValue.Parser, AttrValue.Descriptor), Throws.TypeOf<FileFormatException>().With.Message.Contains("nested"));
    }

    private static float ReadFloat(string text) => Read($"f: {text}", AttrValue.Parser, AttrValue.Descriptor).F;

    private static T Read<T>(string text, MessageParser<T> parser, Google.Protobuf.Reflection.MessageDescriptor type)
        where T : IMessage<T> => ProtoTextReader.Read(parser, type, Encoding.UTF8.GetBytes(text), "text");
}
