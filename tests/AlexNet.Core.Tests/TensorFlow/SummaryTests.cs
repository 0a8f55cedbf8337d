using System.IO.Compression;
using AlexNetTF.Testing;
using NumSharp;
using SummaryProto = AlexNetTF.TensorFlow.Protos.Summary;

namespace AlexNetTF.Tests.Formats;

/// <summary>Summary ops in a run, and what the writer makes of them.</summary>
public sealed class SummaryTests
{
    [Test]
    public void Merged_summaries_are_fetched_beside_the_loss_and_written()
    {
        using var folder = new TempFolder();
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, Shape.OfRank(1), "x");
        Tensor loss = MathOps.Mean(x);
        Summary.Scalar("loss", loss);
        using (graph.NameScope("train")) Summary.Histogram("fc8/weights:0", x);
        Tensor merged = Summary.MergeAll(graph)!;
        string file;
        using (var session = new Session(graph))
        using (var writer = new SummaryWriter(folder.Path, graph))
        {
            file = writer.FilePath;
            for (int step = 0; step < 3; step++)
            {
                NDArray[] results = session.Run([merged, loss], new Feeds { [x] = new[] { 0f, 1f, -1f, 2.5f, 2.5f } });
                Assert.That(results[1].GetSingle(), Is.EqualTo(1f));
                writer.Add(results[0], step);
            }
        }

        LoggedEvent[] events = [.. EventFileReader.Read(file)];
        Assert.That(events.Select(e => e.Kind).Take(3), Is.EqualTo((LoggedEventKind[])[LoggedEventKind.FileVersion, LoggedEventKind.Graph, LoggedEventKind.MetaGraph]));
        Assert.That(events.Where(e => e.Kind == LoggedEventKind.Scalar).Select(e => (e.Tag, e.Step, e.Scalar)), Is.EqualTo(Enumerable.Range(0, 3).Select(step => ("loss", (long)step, 1f))));
        LoggedHistogram histogram = events.First(e => e.Kind == LoggedEventKind.Histogram).Histogram!;
        Assert.That(events.First(e => e.Kind == LoggedEventKind.Histogram).Tag, Is.EqualTo("train/fc8/weights_0"));
        Assert.That((histogram.Min, histogram.Max, histogram.Count, histogram.Sum, histogram.SumOfSquares), Is.EqualTo((-1.0, 2.5, 5.0, 5.0, 14.5)));
        Assert.That(histogram.Counts, Is.EqualTo(new double[] { 0, 1, 0, 1, 0, 1, 0, 2, 0 }));
        var read = new Graph();
        read.ImportGraphDef(events[1].Content.ToArray());
        Assert.That(read.Operations.Select(op => op.Name), Is.EqualTo(graph.Operations.Select(op => op.Name)));
    }

    [TestCase(DType.Int32)]
    [TestCase(DType.Int64)]
    [TestCase(DType.Float64)]
    [TestCase(DType.UInt8)]
    [TestCase(DType.Int16)]
    [TestCase(DType.Int8)]
    public void Numbers_of_every_type_are_shown(DType type)
    {
        var graph = new Graph();
        Tensor three = graph.Constant(TensorData.ScalarOf(3, type), "three");
        SummaryProto merged = Run(Summary.Merge([Summary.Scalar("s", three), Summary.Histogram("h", three)]));
        Assert.That((merged.Value[0].SimpleValue, merged.Value[1].Histo.Sum), Is.EqualTo((3f, 3.0)));
    }

    [Test]
    public void Tags_are_TensorFlows()
    {
        var graph = new Graph();
        Tensor one = graph.Constant(TensorData.Scalar(1f), "one");
        string[] tags = [.. Run(Summary.Merge([Summary.Scalar("a b", one), Summary.Scalar("a b", one), Summary.Scalar("c", one, family: "f"), Summary.Scalar("/d", one)])).Value.Select(value => value.Tag)];
        Assert.That(tags, Is.EqualTo((string[])["a_b", "a_b_1", "f/f/c", "d"]));
    }

    [Test]
    public void Equal_tags_and_numbers_that_are_none_are_refused()
    {
        var graph = new Graph();
        Tensor one = graph.Constant(TensorData.Vector<float>([1f, float.NaN]), "one");
        Tensor scalar = Summary.Scalar("s", MathOps.Sum(one));
        Assert.That(() => Run(Summary.Merge([scalar, scalar])), Throws.InstanceOf<RunException>().With.Message.Contains("\"s\" occurs twice"));
        Assert.That(() => Run(Summary.Histogram("h", one)), Throws.InstanceOf<RunException>().With.Message.Contains("number 1 is NaN"));
        Assert.That(Summary.MergeAll(new Graph()), Is.Null);
    }

    [Test]
    public void Pictures_are_scaled_as_TensorFlow_does()
    {
        var graph = new Graph();
        float[] pixels = [0, 0.5f, 1, float.NaN, 0, 0, -1, 0, 2, 0, 0, 0];
        Tensor batch = graph.Constant(new NDArray(pixels).reshape(2, 1, 2, 3), "batch");
        SummaryProto summary = Run(Summary.Image("i", batch));
        Assert.That(summary.Value.Select(value => value.Tag), Is.EqualTo((string[])["i/image/0", "i/image/1"]));
        Assert.That(Decode(summary.Value[0].Image.EncodedImageString.ToByteArray(), 1, 2, 3), Is.EqualTo(new byte[] { 0, 127, 255, 255, 0, 0 }));
        Assert.That(Decode(summary.Value[1].Image.EncodedImageString.ToByteArray(), 1, 2, 3), Is.EqualTo(new byte[] { 64, 128, 255, 128, 128, 128 }));
        Tensor bytes = graph.Constant(new NDArray(new byte[] { 1, 2, 3, 4 }).reshape(1, 2, 2, 1), "bytes");
        SummaryProto grey = Run(Summary.Image("g", bytes, maxOutputs: 1));
        Assert.That((grey.Value[0].Tag, grey.Value[0].Image.Colorspace, grey.Value[0].Image.Height, grey.Value[0].Image.Width), Is.EqualTo(("g/image", 1, 2, 2)));
        Assert.That(Decode(grey.Value[0].Image.EncodedImageString.ToByteArray(), 2, 2, 1), Is.EqualTo(new byte[] { 1, 2, 3, 4 }));
    }

    [Test]
    public void Strings_are_fed_and_fetched_as_bytes()
    {
        var graph = new Graph();
        Tensor text = graph.PlaceholderWithDefault("model", Shape.Scalar, "text");
        Tensor many = graph.Constant((string[])["a", "", "ö"], "many");
        Tensor last = ArrayOps.Reshape(ArrayOps.Slice(many, (Operand)new[] { 2 }, (Operand)new[] { 1 }), (Operand)Array.Empty<int>());
        using var session = new Session(graph);
        for (int i = 0; i < 2; i++)
        {
            Assert.That(StringValues.ToText(session.Run(ArrayOps.Identity(text))), Is.EqualTo("model"));
            Assert.That(StringValues.ToText(session.Run(text, new Feeds { [text] = StringValues.FromText("other") })), Is.EqualTo("other"));
            Assert.That(StringValues.ToText(session.Run(text, new Feeds { [text] = StringValues.FromText("") })), Is.Empty);
            Assert.That(StringValues.ToText(session.Run(text, new Feeds { [text] = "größer" })), Is.EqualTo("größer"));
            Assert.That(StringValues.ToText(session.Run(last)), Is.EqualTo("ö"));
        }

        Assert.That(() => session.Run(many), Throws.InstanceOf<RunException>());
        Assert.That(() => session.Run(text, new Feeds { [text] = 1f }), Throws.InstanceOf<RunException>());
    }

    private static SummaryProto Run(Tensor summary)
    {
        using var session = new Session(summary.Graph);
        return SummaryProto.Parser.ParseFrom(StringValues.ToBytes(session.Run(summary)));
    }

    // The pixels of a PNG whose rows have no filter: signature, IHDR (25 bytes), IDAT.
    private static byte[] Decode(byte[] png, int height, int width, int channels)
    {
        const int header = 8 + 25;
        int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(header));
        using var inflated = new ZLibStream(new MemoryStream(png, header + 8, length), CompressionMode.Decompress);
        var pixels = new byte[height * width * channels];
        for (int row = 0; row < height; row++)
        {
            Assert.That(inflated.ReadByte(), Is.Zero);
            inflated.ReadExactly(pixels, row * width * channels, width * channels);
        }

        Assert.That(inflated.ReadByte(), Is.EqualTo(-1));
        return pixels;
    }
}
