using System.Text.Json;
using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using AlexNetTF.Testing;
using Google.Protobuf;
using SummaryValue = AlexNetTF.TensorFlow.Protos.Summary.Types.Value;

namespace AlexNetTF.Tests.Formats;

/// <summary>An event file that TensorFlow wrote: read as TensorBoard reads it, and written anew.</summary>
public sealed class EventGoldenTests
{
    private static string EventFile => EventFileReader.FindFiles(Golden.Folder("events/run")).Single();

    private static JsonElement Accumulated => Golden.Json("events/tensorboard.json").Get("event_accumulator");

    [Test]
    public void Framed_anew_it_has_the_same_bytes()
    {
        using var copy = new MemoryStream();
        foreach (Event record in EventFileReader.ReadRecords(EventFile)) RecordFraming.Write(copy, record.ToByteArray());
        Assert.That(copy.ToArray().AsSpan().SequenceEqual(File.ReadAllBytes(EventFile)), Is.True);
    }

    [Test]
    public void The_writers_methods_make_the_same_records()
    {
        using var folder = new TempFolder();
        List<Event> expected = [.. EventFileReader.ReadRecords(EventFile)];
        string path;
        using (var writer = new EventFileWriter(folder.Path))
        {
            path = writer.FilePath;
            foreach (Event record in expected.Skip(1)) WriteAnew(writer, record);
        }

        List<Event> actual = [.. EventFileReader.ReadRecords(path)];
        Assert.That(actual, Has.Count.EqualTo(expected.Count));
        for (int i = 0; i < expected.Count; i++)
        {
            actual[i].WallTime = expected[i].WallTime;
            Assert.That(actual[i].ToByteArray(), Is.EqualTo(expected[i].ToByteArray()), $"record {i}");
        }
    }

    [Test]
    public void Scalars_are_those_that_TensorBoard_shows()
    {
        ILookup<string, LoggedEvent> read = Values(LoggedEventKind.Scalar);
        JsonElement expected = Accumulated.Get("scalars");
        Assert.That(read.Select(tag => tag.Key), Is.EquivalentTo(expected.EnumerateObject().Select(tag => tag.Name)));
        foreach (JsonProperty tag in expected.EnumerateObject())
        {
            Assert.That(read[tag.Name].Select(value => (value.Step, value.Scalar)), Is.EqualTo(tag.Value.EnumerateArray().Select(point => (point[0].AsLong(), point[1].AsFloat()))), tag.Name);
        }
    }

    [Test]
    public void Histograms_are_those_that_TensorBoard_shows()
    {
        ILookup<string, LoggedEvent> read = Values(LoggedEventKind.Histogram);
        JsonElement expected = Accumulated.Get("histograms");
        Assert.That(read.Select(tag => tag.Key), Is.EquivalentTo(expected.EnumerateObject().Select(tag => tag.Name)));
        foreach (JsonProperty tag in expected.EnumerateObject())
        {
            Assert.That(read[tag.Name].Count(), Is.EqualTo(tag.Value.GetArrayLength()), tag.Name);
            foreach ((LoggedEvent value, JsonElement want) in read[tag.Name].Zip(tag.Value.EnumerateArray()))
            {
                LoggedHistogram histogram = value.Histogram!;
                Assert.That(value.Step, Is.EqualTo(want.Long("step")), tag.Name);
                Assert.That((histogram.Min, histogram.Max, histogram.Count, histogram.Sum, histogram.SumOfSquares), Is.EqualTo(
                    (want.Double("min"), want.Double("max"), want.Double("num"), want.Double("sum"), want.Double("sum_squares"))), tag.Name);
                Assert.That(histogram.Limits, Is.EqualTo(want.Get("bucket_limit").EnumerateArray().Select(limit => limit.AsDouble())), tag.Name);
                Assert.That(histogram.Counts, Is.EqualTo(want.Get("bucket").EnumerateArray().Select(count => count.AsDouble())), tag.Name);
            }
        }
    }

    [Test]
    public void Histograms_of_the_same_values_are_the_same()
    {
        List<SummaryValue> written = [.. EventFileReader.ReadRecords(EventFile).Where(record => record.Summary is not null)
            .SelectMany(record => record.Summary.Value.Select(value => (record.Step, value))).Where(value => value.value.Histo is not null)
            .Select(value => new SummaryValue(value.value) { NodeName = $"{value.Step}" })];
        int compared = 0;
        foreach (JsonElement source in Golden.Json("events/written.json").Get("histograms").EnumerateArray())
        {
            float[] values = Recipe.Fill(source.Text("recipe_name"), source.Long("count"), source.Double("lo"), source.Double("hi"));
            string step = $"{source.Long("step")}";
            Assert.That(Build(values), Is.EqualTo(written.Single(value => value.Tag == source.Text("tag") && value.NodeName == step).Histo));
            compared++;
            if (!source.Has("gradient_tag_scale")) continue;
            float scale = source.Float("gradient_tag_scale");
            HistogramProto scaled = written.Single(value => value.Tag == source.Text("tag") + "/gradient" && value.NodeName == step).Histo;
            Assert.That(Build([.. values.Select(value => value * scale)]), Is.EqualTo(scaled));
        }

        Assert.That(compared, Is.GreaterThan(0));
    }

    [Test]
    public void Images_and_graph_are_those_that_TensorBoard_shows()
    {
        ILookup<string, LoggedEvent> read = Values(LoggedEventKind.Image);
        foreach (JsonProperty tag in Accumulated.Get("images").EnumerateObject())
        {
            Assert.That(read[tag.Name].Select(image => (image.Step, image.Width, image.Height)),
                Is.EqualTo(tag.Value.EnumerateArray().Select(image => (image.Long("step"), image.Int("width"), image.Int("height")))), tag.Name);
            Assert.That(read[tag.Name].All(image => image.Content.Span[1..].StartsWith("PNG"u8)), Is.True, tag.Name);
        }

        LoggedEvent graph = EventFileReader.Read(EventFile).Single(value => value.Kind == LoggedEventKind.Graph);
        GraphDef nodes = GraphDef.Parser.ParseFrom(graph.Content.Span);
        Assert.That(nodes.Node, Has.Count.EqualTo(Accumulated.Get("graph").Int("nodes")));
        Assert.That(nodes.Versions.Producer, Is.EqualTo(Accumulated.Get("graph").Int("producer")));
        LoggedEvent meta = EventFileReader.Read(EventFile).Single(value => value.Kind == LoggedEventKind.MetaGraph);
        Assert.That(MetaGraphDef.Parser.ParseFrom(meta.Content.Span).GraphDef.Node, Has.Count.EqualTo(Accumulated.Get("meta_graph").Int("nodes")));
        Assert.That(EventFileReader.Read(EventFile).First().Kind, Is.EqualTo(LoggedEventKind.FileVersion));
    }

    private static ILookup<string, LoggedEvent> Values(LoggedEventKind kind) =>
        EventFileReader.Read(EventFile).Where(value => value.Kind == kind).ToLookup(value => value.Tag);

    private static HistogramProto Build(float[] values)
    {
        var histogram = new HistogramBuilder();
        Assert.That(histogram.Add<float>(values), Is.EqualTo(-1));
        return histogram.ToProto();
    }

    private static void WriteAnew(EventFileWriter writer, Event record)
    {
        switch (record.WhatCase)
        {
            case Event.WhatOneofCase.GraphDef:
                writer.AddGraph(record.GraphDef.Span, record.Step);
                break;
            case Event.WhatOneofCase.MetaGraphDef:
                writer.AddMetaGraph(record.MetaGraphDef.Span, record.Step);
                break;
            case Event.WhatOneofCase.Summary when record.Summary.Value is [{ ValueCase: SummaryValue.ValueOneofCase.SimpleValue } scalar]:
                writer.AddScalar(scalar.Tag, scalar.SimpleValue, record.Step);
                break;
            case Event.WhatOneofCase.Summary when record.Summary.Value is [{ ValueCase: SummaryValue.ValueOneofCase.Image } image]:
                writer.AddImage(image.Tag, image.Image.EncodedImageString.Span, image.Image.Height, image.Image.Width, image.Image.Colorspace, record.Step);
                break;
            case Event.WhatOneofCase.Summary:
                writer.AddSummary(record.Summary.ToByteArray(), record.Step);
                break;
            case Event.WhatOneofCase.SessionLog when record.SessionLog.Status == SessionLog.Types.SessionStatus.Start:
                writer.AddSessionStart(record.Step);
                break;
            default:
                Assert.Ignore($"An event of the kind {record.WhatCase} is not written here.");
                break;
        }
    }
}
