using System.Text;
using AlexNetTF.TensorFlow.Protos;
using AlexNetTF.Testing;
using Google.Protobuf;
using SummaryProto = AlexNetTF.TensorFlow.Protos.Summary;

namespace AlexNetTF.Tests.Formats;

public sealed class EventFileTests
{
    private TempFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new TempFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void The_reference_vector_byte_for_byte()
    {
        var clock = new Clock { Now = 1 };
        using (var writer = new EventFileWriter(folder.Path, ".suffix", clock))
        {
            clock.Now = 2;
            writer.AddScalar("loss", 0.25f, 3);
        }

        string file = Directory.GetFiles(folder.Path).Single();
        Assert.That(Path.GetFileName(file), Is.EqualTo($"events.out.tfevents.0000000001.{Environment.MachineName}.suffix"));
        Assert.That(Convert.ToHexStringLower(File.ReadAllBytes(file)), Is.EqualTo(
            "1800000000000000a37f4b2209000000000000f03f1a0d627261696e2e4576656e743a3286bf577a" +
            "1a00000000000000129bd82d09000000000000004010032a0d0a0b0a046c6f7373150000803e8ab69fa4"));
    }

    [Test]
    public void What_is_written_is_read()
    {
        byte[] picture = [1, 2, 3];
        using (var writer = new EventFileWriter(folder["run/x"]))
        {
            writer.AddGraph("graph"u8);
            writer.AddMetaGraph("meta"u8, 1);
            writer.AddScalar("nan", float.NaN, 2);
            writer.AddHistogram<float>("weights", [0f, 1f, -1f, 2.5f, 2.5f], 3);
            writer.AddImage("cat", picture, 5, 7, 3, 4);
            writer.AddSessionStart(5);
        }

        LoggedEvent[] read = [.. EventFileReader.Read(EventFileReader.FindFiles(folder["run/x"]).Single())];
        Assert.That(read.Select(value => (value.Kind, value.Step, value.Tag)), Is.EqualTo(((LoggedEventKind, long, string)[])
        [
            (LoggedEventKind.FileVersion, 0, "brain.Event:2"), (LoggedEventKind.Graph, 0, ""), (LoggedEventKind.MetaGraph, 1, ""), (LoggedEventKind.Scalar, 2, "nan"),
            (LoggedEventKind.Histogram, 3, "weights"), (LoggedEventKind.Image, 4, "cat"), (LoggedEventKind.Session, 5, "Start"),
        ]));
        Assert.That(Encoding.ASCII.GetString(read[1].Content.Span), Is.EqualTo("graph"));
        Assert.That(read[3].Scalar, Is.NaN);
        Assert.That(read[4].Histogram!.Count, Is.EqualTo(5));
        Assert.That((read[5].Height, read[5].Width, read[5].Content.ToArray()), Is.EqualTo((5, 7, picture)));
        Assert.That(read.Select(value => value.WallTime), Is.All.EqualTo((DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds).Within(600));
    }

    [Test]
    public void Two_writers_in_the_same_second_have_files_of_their_own()
    {
        var clock = new Clock { Now = 1_600_000_000 };
        using var first = new EventFileWriter(folder.Path, time: clock);
        using var second = new EventFileWriter(folder.Path, time: clock);
        first.AddScalar("a", 1, 1);
        second.AddScalar("b", 1, 1);
        first.Flush();
        second.Flush();
        Assert.That(EventFileReader.FindFiles(folder.Path), Is.EqualTo((string[])[first.FilePath, second.FilePath]));
        Assert.That(EventFileReader.Read(second.FilePath).Last().Tag, Is.EqualTo("b"));
    }

    [Test]
    public void A_file_can_be_read_while_it_is_written()
    {
        using var writer = new EventFileWriter(folder.Path);
        Assert.That(EventFileReader.Read(writer.FilePath).Count(), Is.EqualTo(1));
        writer.AddScalar("a", 1, 1);
        writer.Flush();
        Assert.That(EventFileReader.Read(writer.FilePath).Count(), Is.EqualTo(2));
    }

    [Test]
    public void Several_threads_may_write()
    {
        string path;
        using (var writer = new EventFileWriter(folder.Path))
        {
            path = writer.FilePath;
            Parallel.For(0, 500, step => writer.AddScalar("a", step, step));
        }

        Assert.That(EventFileReader.Read(path).Skip(1).Select(value => value.Step).Order(), Is.EqualTo(Enumerable.Range(0, 500)));
    }

    [Test]
    public void A_serialised_summary_keeps_its_metadata_on_a_tags_first_value_only()
    {
        var summary = new SummaryProto { Value = { new SummaryProto.Types.Value { Tag = "t", SimpleValue = 1, Metadata = new SummaryMetadata { DisplayName = "T" } } } };
        using (var writer = new EventFileWriter(folder.Path))
        {
            writer.AddSummary(summary.ToByteArray(), 1);
            writer.AddSummary(summary.ToByteArray(), 2);
            Assert.That(() => writer.AddSummary([0xff], 3), Throws.InstanceOf<AlexNetException>());
        }

        Event[] records = [.. EventFileReader.ReadRecords(EventFileReader.FindFiles(folder.Path).Single()).Skip(1)];
        Assert.That(records.Select(record => record.Summary.Value[0].Metadata?.DisplayName), Is.EqualTo((string?[])["T", null]));
    }

    [Test]
    public void Wrong_values_are_refused_by_name()
    {
        using var writer = new EventFileWriter(folder.Path);
        Assert.That(() => writer.AddHistogram<float>("weights", [1, 2, float.NaN], 7), Throws.InstanceOf<AlexNetException>().With.Message.Contains("weights").And.Message.Contains("position 2"));
        Assert.That(() => writer.AddHistogram<double>("weights", [double.NegativeInfinity], 7), Throws.InstanceOf<AlexNetException>());
        Assert.That(() => writer.AddHistogram<char>("letters", ['x'], 7), Throws.InstanceOf<AlexNetException>());
        Assert.That(() => writer.AddImage("cat", [1], 1, 1, 2, 7), Throws.InstanceOf<AlexNetException>().With.Message.Contains("cat"));
    }

    [Test]
    public void Tensors_of_TensorFlow_2_are_shown_as_what_they_are()
    {
        SummaryProto.Types.Value Value(string tag, string? plugin, TensorProto tensor) => new()
        {
            Tag = tag, Tensor = tensor, Metadata = plugin is null ? null : new SummaryMetadata { PluginData = new SummaryMetadata.Types.PluginData { PluginName = plugin } },
        };
        var rows = new TensorProto { Dtype = DataType.DtDouble, TensorShape = AlexNetTF.TensorFlow.Shapes.ToProto([2, 3]), DoubleVal = { 0, 1, 4, 1, 2, 6 } };
        var picture = new TensorProto { Dtype = DataType.DtString, TensorShape = AlexNetTF.TensorFlow.Shapes.ToProto([3]) };
        foreach (string text in (string[])["7", "5", "png"]) picture.StringVal.Add(ByteString.CopyFromUtf8(text));
        var number = new TensorProto { Dtype = DataType.DtFloat, TensorShape = new TensorShapeProto(), FloatVal = { 1.5f } };
        using (var writer = new EventFileWriter(folder.Path))
        {
            writer.AddSummary(new SummaryProto { Value = { Value("s", "scalars", number), Value("h", "histograms", rows), Value("i", "images", picture), Value("t", "text", picture) } }.ToByteArray(), 1);
            writer.AddSummary(new SummaryProto { Value = { Value("s", null, number) } }.ToByteArray(), 2);
        }

        LoggedEvent[] read = [.. EventFileReader.Read(EventFileReader.FindFiles(folder.Path).Single()).Skip(1)];
        Assert.That(read.Select(value => value.Kind), Is.EqualTo((LoggedEventKind[])
            [LoggedEventKind.Scalar, LoggedEventKind.Histogram, LoggedEventKind.Image, LoggedEventKind.Other, LoggedEventKind.Scalar]));
        Assert.That((read[0].Scalar, read[4].Scalar), Is.EqualTo((1.5f, 1.5f)));
        Assert.That(read[1].Histogram!.Counts, Is.EqualTo((double[])[4, 6]));
        Assert.That((read[1].Histogram!.Min, read[1].Histogram!.Max, read[1].Histogram!.Count), Is.EqualTo((0.0, 2.0, 10.0)));
        Assert.That((read[2].Width, read[2].Height, Encoding.ASCII.GetString(read[2].Content.Span)), Is.EqualTo((7, 5, "png")));
    }

    [Test]
    public void Each_byte_changed_and_each_length_cut_is_refused_or_read_up_to_there()
    {
        string path;
        using (var writer = new EventFileWriter(folder.Path))
        {
            path = writer.FilePath;
            writer.AddScalar("a", 1, 1);
            writer.AddHistogram<float>("h", [1, 2, 3], 2);
        }

        byte[] original = File.ReadAllBytes(path);
        LoggedEvent[] whole = [.. EventFileReader.Read(path)];
        string copy = folder["copy.tfevents"];
        foreach ((string what, byte[] bytes) in Damage.Variants(original))
        {
            File.WriteAllBytes(copy, bytes);
            List<LoggedEvent> read = [];
            bool complete = Damage.Reads(what, () =>
            {
                foreach (LoggedEvent value in EventFileReader.Read(copy)) read.Add(value);
            });
            Assert.That(complete && bytes.Length == original.Length, Is.False, what);
            Assert.That(read.Select(value => (value.WallTime, value.Step, value.Tag)), Is.EqualTo(whole.Take(read.Count).Select(value => (value.WallTime, value.Step, value.Tag))), what);
        }
    }

    private sealed class Clock : TimeProvider
    {
        public double Now { get; set; }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddSeconds(Now);
    }
}
