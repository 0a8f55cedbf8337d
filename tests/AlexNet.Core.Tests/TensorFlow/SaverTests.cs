using System.Text.Json;
using AlexNetTF.TensorFlow;
using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests.Formats;

/// <summary>Saver: TensorFlow's files from a session and back, also through a graph that TensorFlow wrote.</summary>
public sealed class SaverTests
{
    [Test]
    public void What_is_saved_is_restored_into_another_session()
    {
        using var folder = new TempFolder();
        (Graph graph, Variable a, Variable b) = Small();
        var saver = new Saver(graph: graph);
        string prefix;
        using (var session = new Session(graph))
        {
            a.Load(new[] { 1f, 2f, 3f }, session);
            b.Load(NDArray.Scalar(7L), session);
            prefix = saver.Save(session, folder["model.ckpt"], globalStep: 7);
        }

        Assert.That(prefix, Is.EqualTo(folder["model.ckpt-7"]));
        Assert.That(Saver.LatestCheckpoint(folder.Path), Is.EqualTo(prefix));
        Assert.That(Directory.GetFiles(folder.Path).Select(Path.GetFileName), Is.EquivalentTo((string[])["checkpoint", "model.ckpt-7.data-00000-of-00001", "model.ckpt-7.index", "model.ckpt-7.meta"]));
        using var other = new Session(graph);
        saver.Restore(other, folder.Path);
        Assert.That(other.Run(a.Value).ToArray<float>(), Is.EqualTo(new[] { 1f, 2f, 3f }));
        Assert.That(other.Run(b.Value).GetInt64(), Is.EqualTo(7));
    }

    [Test]
    public void Only_the_newest_stay()
    {
        using var folder = new TempFolder();
        (Graph graph, _, _) = Small();
        var saver = new Saver(graph: graph, maxToKeep: 2);
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        for (int step = 1; step <= 4; step++) saver.Save(session, folder["m"], step);
        Assert.That(saver.LastCheckpoints, Is.EqualTo((string[])[folder["m-3"], folder["m-4"]]));
        Assert.That(Directory.GetFiles(folder.Path, "*.index").Select(Path.GetFileName), Is.EquivalentTo((string[])["m-3.index", "m-4.index"]));
        Assert.That(Directory.GetFiles(folder.Path, "*.meta"), Has.Length.EqualTo(2));
    }

    [Test]
    public void A_variable_without_a_value_is_not_saved()
    {
        using var folder = new TempFolder();
        (Graph graph, _, _) = Small();
        var saver = new Saver(graph: graph);
        using var session = new Session(graph);
        Assert.That(() => saver.Save(session, folder["m"]), Throws.InstanceOf<RunException>().With.Property("Code").EqualTo(RunErrorCode.FailedPrecondition));
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    [Test]
    public void What_does_not_fit_changes_nothing()
    {
        using var folder = new TempFolder();
        using (var writer = new CheckpointWriter(folder["other"]))
        {
            writer.Add<float>("a", [9, 9, 9], 3);
            writer.Add<long>("b", [1, 2], 2);
            writer.Commit();
        }

        (Graph graph, Variable a, Variable b) = Small();
        var saver = new Saver(graph: graph);
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        Assert.That(() => saver.Restore(session, folder["other"]), Throws.InstanceOf<RunException>().With.Message.Contains("\"b\""));
        Assert.That(session.Run(a.Value).ToArray<float>(), Is.EqualTo(new float[3]));
        Assert.That(() => saver.Restore(session, folder["none"]), Throws.InstanceOf<CheckpointException>());
        var renamed = new Saver(new Dictionary<string, Variable> { ["c"] = b });
        Assert.That(() => renamed.Restore(session, folder["other"]), Throws.InstanceOf<RunException>().With.Property("Code").EqualTo(RunErrorCode.NotFound));
    }

    [Test]
    public void Variables_may_have_other_names_in_the_checkpoint()
    {
        using var folder = new TempFolder();
        (Graph graph, Variable a, _) = Small();
        var saver = new Saver(new Dictionary<string, Variable> { ["layer/w"] = a });
        using var session = new Session(graph);
        a.Load(new[] { 4f, 5f, 6f }, session);
        using CheckpointReader reader = CheckpointReader.Open(saver.Save(session, folder["m"], writeMetaGraph: false));
        Assert.That(reader.Entries.Select(entry => entry.Name), Is.EqualTo((string[])["layer/w"]));
        Assert.That(reader.Read<float>("layer/w"), Is.EqualTo(new[] { 4f, 5f, 6f }));
    }

    [Test]
    public void A_graph_comes_back_from_its_meta_file_with_variables_and_saver()
    {
        using var folder = new TempFolder();
        (Graph graph, Variable a, _) = Small();
        MathOps.Mul(a, 2f, "twice");
        using (var session = new Session(graph))
        {
            session.Run(graph.GlobalVariablesInitializer());
            a.Load(new[] { 1f, 2f, 3f }, session);
            new Saver(graph: graph).Save(session, folder["m"]);
        }

        foreach (string prefix in (string[])["", "net"])
        {
            var read = new Graph();
            Saver saver = Saver.ImportMetaGraph(read, folder["m.meta"], prefix)!;
            string scope = prefix.Length == 0 ? "" : prefix + "/";
            Assert.That(read.GlobalVariables().Select(variable => variable.Op.Name), Is.EqualTo((string[])[scope + "a", scope + "b"]));
            Assert.That(read.TrainableVariables().Single(), Is.SameAs(read.GlobalVariables()[0]));
            using var session = new Session(read);
            saver.Restore(session, folder["m"]);
            Assert.That(session.Run(read.GetTensor(scope + "twice:0")).ToArray<float>(), Is.EqualTo(new[] { 2f, 4f, 6f }));
        }
    }

    [Test]
    public void A_graph_and_a_checkpoint_that_TensorFlow_wrote_work_together()
    {
        using var folder = new TempFolder();
        var graph = new Graph();
        Saver saver = Saver.ImportMetaGraph(graph, Golden.FilePath("graphdef/unfrozen.meta"))!;
        JsonElement expected = Golden.Json("graphdef/expected.json");
        using (var writer = new CheckpointWriter(folder["w"]))
        {
            foreach (JsonProperty weight in expected.Get("weights").EnumerateObject().OrderBy(weight => weight.Name, StringComparer.Ordinal))
            {
                int[] shape = [.. weight.Value.Get("shape").EnumerateArray().Select(size => size.GetInt32())];
                writer.Add<float>(weight.Name, Recipe.Fill(weight.Value.Text("recipe_name"), shape, weight.Value.Get("lo").GetDouble(), weight.Value.Get("hi").GetDouble()), Array.ConvertAll(shape, size => (long)size));
            }

            writer.Commit();
        }

        using var session = new Session(graph);
        saver.Restore(session, folder["w"]);
        Assert.That(graph.GlobalVariables().All(variable => variable.IsInitialized(session)), Is.True);
        string again = saver.Save(session, folder["again"], writeMetaGraph: false);
        foreach (string ending in (string[])[".index", ".data-00000-of-00001"]) Assert.That(File.ReadAllBytes(again + ending), Is.EqualTo(File.ReadAllBytes(folder["w"] + ending)));
    }

    private static (Graph Graph, Variable A, Variable B) Small()
    {
        var graph = new Graph();
        return (graph, graph.GetVariable("a", new Shape(3), initializer: Initializer.Zeros), graph.GetVariable("b", Shape.Scalar, DType.Int64, Initializer.Zeros, trainable: false));
    }
}
