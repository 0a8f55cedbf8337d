using AlexNetTF.FineTuning;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests;

/// <summary>A run's files for TensorFlow and TensorBoard.</summary>
public class TensorFlowFilesTests
{
    [Test]
    public async Task TensorBoardGetsCurvesHistogramsGraphAndPictures()
    {
        using var folder = new TempFolder();

        await SmallRun.RunAsync(SmallRun.Options(folder["run"]));

        LoggedEvent[] events = [.. EventFileReader.FindFiles(Path.Combine(folder["run"], RunEvents.Folder)).SelectMany(EventFileReader.Read)];
        string[] TagsOf(LoggedEventKind kind) => [.. events.Where(e => e.Kind == kind).Select(e => e.Tag).Distinct().Order(StringComparer.Ordinal)];
        Assert.That(TagsOf(LoggedEventKind.Scalar), Is.EqualTo((string[])["accuracy", "cross_entropy", "learning_rate", "validation/accuracy", "validation/cross_entropy"]));
        Assert.That(TagsOf(LoggedEventKind.Histogram), Is.EqualTo((string[])[
            "fc7/biases_0", "fc7/biases_0/gradient", "fc7/weights_0", "fc7/weights_0/gradient",
            "fc8/biases_0", "fc8/biases_0/gradient", "fc8/weights_0", "fc8/weights_0/gradient"]));
        Assert.That(events.Where(e => e.Tag == "fc8/weights_0/gradient").Select(e => e.Step), Is.EqualTo(events.Where(e => e.Tag == "learning_rate").Select(e => e.Step)));
        LoggedEvent picture = events.First(e => e.Kind == LoggedEventKind.Image);
        Assert.That((picture.Tag, picture.Height, picture.Width), Is.EqualTo(("input/image/0", 24, 24)));
        var graph = new Graph();
        graph.ImportGraphDef(events.Single(e => e.Kind == LoggedEventKind.Graph).Content.ToArray());
        Assert.That(graph.HasOperation("fc8/weights"), Is.True);
        double[] logged = [.. File.ReadLines(Path.Combine(folder["run"], MetricsLog.JsonlFile)).Select(line => System.Text.Json.Nodes.JsonNode.Parse(line)!)
            .Where(line => line["event"]!.GetValue<string>() == "step").Select(line => line["loss"]!.GetValue<double>())];
        Assert.That(events.Where(e => e.Tag == "cross_entropy").Select(e => (double)e.Scalar), Is.EqualTo(logged).Within(1e-6));
    }

    [Test]
    public async Task EventsChangeNoNumber()
    {
        using var folder = new TempFolder();

        await SmallRun.RunAsync(SmallRun.Options(folder["with"]));
        await SmallRun.RunAsync(SmallRun.Options(folder["without"]) with { TensorBoard = false });

        Assert.That(Directory.Exists(Path.Combine(folder["without"], RunEvents.Folder)), Is.False);
        Assert.That(SmallRun.Outcome(folder["with"]), Is.EqualTo(SmallRun.Outcome(folder["without"])));
    }

    [Test]
    public async Task CheckpointsHoldTensorFlowsFilesToo()
    {
        using var folder = new TempFolder();

        await SmallRun.RunAsync(SmallRun.Options(folder["run"]) with { CheckpointFormat = CheckpointKind.TensorFlow, Optimizer = OptimizerKind.Momentum, KeepProb = 0.5f });
        // Saver nodes stand in the graph from the first checkpoint on; a resumed run must not care.
        await SmallRun.RunAsync(SmallRun.Options(folder["own"]) with { Optimizer = OptimizerKind.Momentum, KeepProb = 0.5f });

        CheckpointIndex index = CheckpointIndex.Read(folder["run"])!;
        string last = Path.Combine(folder["run"], CheckpointIndex.Folder, index.Last);
        Assert.That(SmallRun.Outcome(folder["run"]), Is.EqualTo(SmallRun.Outcome(folder["own"])));
        Assert.That(Saver.LatestCheckpoint(last), Is.EqualTo(Path.Combine(last, "model.ckpt")));
        using CheckpointReader reader = CheckpointReader.Open(last);
        reader.Verify();
        Assert.That(reader.Entries.Select(entry => entry.Name), Is.SupersetOf((string[])["conv1/weights", "fc8/weights", "fc8/weights/Momentum", "global_step"]));
        var graph = new Graph();
        Saver saver = Saver.ImportMetaGraph(graph, Path.Combine(last, "model.ckpt.meta"))!;
        using var session = new Session(graph);
        saver.Restore(session, last);
        Assert.That(session.Run(graph.GetTensor("global_step:0")).GetInt64(), Is.EqualTo(reader.Read<long>("global_step")[0]).And.GreaterThan(0));
    }
}
