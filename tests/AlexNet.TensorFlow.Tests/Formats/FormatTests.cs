using AlexNetTF.Testing;
using NumSharp;
using SummaryProto = AlexNetTF.TensorFlow.Protos.Summary;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>Checkpoints, summaries and graphs that one engine writes and the other reads.</summary>
public sealed class FormatTests : NeedsTensorFlow
{
    [Test]
    public void A_checkpoint_of_either_engine_is_the_other_ones()
    {
        using var folder = new TempFolder();
        Graph graph = Net(out _, out Tensor scores);
        var saver = new Saver(graph: graph);
        using var managed = new Session(graph);
        using var tensorFlow = new Session(graph, Plain);
        managed.Run(graph.GlobalVariablesInitializer());

        string ours = saver.Save(managed, folder["ours"]);
        saver.Restore(tensorFlow, ours);
        string theirs = saver.Save(tensorFlow, folder["theirs"]);

        foreach (string ending in (string[])[".index", ".data-00000-of-00001"]) Assert.That(File.ReadAllBytes(theirs + ending), Is.EqualTo(File.ReadAllBytes(ours + ending)), ending);
        foreach (Variable variable in graph.GlobalVariables()) Assert.That(tensorFlow.Run(variable.Value).ToArray<float>(), Is.EqualTo(managed.Run(variable.Value).ToArray<float>()));
        using var again = new Session(graph);
        saver.Restore(again, theirs);
        Assert.That(again.Run(scores, Feed(graph)).ToArray<float>(), Is.EqualTo(managed.Run(scores, Feed(graph)).ToArray<float>()));
    }

    [Test]
    public void Summaries_are_TensorFlows()
    {
        Graph graph = Net(out Tensor x, out Tensor scores);
        Summary.Scalar("mean", MathOps.Mean(scores));
        Summary.Histogram("x", x);
        Summary.Image("signed", x);
        Summary.Image("positive", MathOps.Square(x), maxOutputs: 1);
        Summary.Image("bad", x / 0f, maxOutputs: 1);
        Tensor merged = Summary.MergeAll(graph)!;
        using var managed = new Session(graph);
        using var tensorFlow = new Session(graph, Plain);
        foreach (Session session in (Session[])[managed, tensorFlow])
        {
            foreach (Variable variable in graph.GlobalVariables()) variable.Load(new NDArray(Recipe.Fill(variable.Name, variable.Shape.ToArray(), -1, 1)).reshape(variable.Shape.ToArray()), session);
        }

        SummaryProto ours = SummaryProto.Parser.ParseFrom(StringValues.ToBytes(managed.Run(merged, Feed(graph))));
        SummaryProto theirs = SummaryProto.Parser.ParseFrom(StringValues.ToBytes(tensorFlow.Run(merged, Feed(graph))));

        Assert.That(ours.Value.Select(value => value.Tag), Is.EqualTo(theirs.Value.Select(value => value.Tag)));
        Assert.That(ours.Value[0].SimpleValue, Is.EqualTo(theirs.Value[0].SimpleValue).Within(1e-5f));
        Assert.That(ours.Value[1].Histo, Is.EqualTo(theirs.Value[1].Histo));
        for (int i = 2; i < ours.Value.Count; i++)
        {
            SummaryProto.Types.Image own = ours.Value[i].Image, other = theirs.Value[i].Image;
            Assert.That((own.Height, own.Width, own.Colorspace), Is.EqualTo((other.Height, other.Width, other.Colorspace)));
            Assert.That(Png.Pixels(own.EncodedImageString.ToByteArray()), Is.EqualTo(Png.Pixels(other.EncodedImageString.ToByteArray())), ours.Value[i].Tag);
        }
    }

    [Test]
    public void A_SavedModel_opens_in_TensorFlow()
    {
        using var folder = new TempFolder();
        Graph graph = Net(out Tensor x, out Tensor scores);
        using var managed = new Session(graph);
        managed.Run(graph.GlobalVariablesInitializer());

        SavedModels.Save(managed, folder["m"], new Dictionary<string, Tensor> { ["x"] = x }, new Dictionary<string, Tensor> { ["scores"] = scores });

        using Session read = SavedModels.Load(folder["m"], Plain);
        float[] expected = managed.Run(scores, Feed(graph)).ToArray<float>();
        Assert.That(read.Run(read.Graph.GetTensor("scores:0"), Feed(read.Graph)).ToArray<float>(), Is.EqualTo(expected).Within(1e-5f));
    }

    private static Graph Net(out Tensor x, out Tensor scores)
    {
        var graph = new Graph();
        x = graph.Placeholder(DType.Float32, new Shape(2, 4, 4, 3), "x");
        Variable w = graph.GetVariable("w", new Shape(48, 5)), b = graph.GetVariable("b", new Shape(5));
        scores = Nn.XwPlusB(ArrayOps.Reshape(x, (Operand)new[] { 2, 48 }), w, b, "scores");
        return graph;
    }

    private static Feeds Feed(Graph graph) => new() { [graph.GetTensor("x:0")] = new NDArray(Recipe.Fill("formats", 96, -2, 3)).reshape(2, 4, 4, 3) };
}
