using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>What is written here is read by TensorFlow itself, and the other way round: its own ops run in its own session.</summary>
public class FilesTests : NeedsTensorFlow
{
    [Test]
    public void CheckpointsPassBothWays([Values] bool weWrite)
    {
        using var folder = new TempFolder();
        var graph = new Graph();
        Variable[] variables = [graph.GetVariable("a/weights", new Shape(7, 3)), graph.GetVariable("a/biases", new Shape(3)), graph.GetVariable("step", Shape.Scalar, DType.Int64, Initializer.Constant(41), trainable: false)];
        Operation initializer = graph.GlobalVariablesInitializer();
        var saver = new Saver(graph: graph);
        using var ours = new Session(graph);
        using var theirs = new Session(graph, new SessionOptions { Engine = Engine.TensorFlow });
        (Session writer, Session reader) = weWrite ? (ours, theirs) : (theirs, ours);
        writer.Run(initializer);
        string path = saver.Save(writer, folder["model"]);
        saver.Restore(reader, path);
        foreach (Variable variable in variables)
        {
            Assert.That(Comparison.Doubles(reader.Run(variable.Value)), Is.EqualTo(Comparison.Doubles(writer.Run(variable.Value))), variable.Name);
        }
    }

    [Test]
    public void ACheckpointWithoutAGraphIsReadByTensorFlowsRestore()
    {
        using var folder = new TempFolder();
        float[] values = Recipe.Fill("checkpoint", 12, -1, 1);
        using (var writer = new CheckpointWriter(folder["plain"]))
        {
            writer.Add<float>("conv1/weights", values, 3, 4);
            writer.Commit();
        }

        var graph = new Graph();
        Operation restore = graph.AddOperation(
            new RestoreV2Op([DType.Float32]),
            [graph.Constant(TensorData.OfText(folder["plain"])), graph.Constant(TensorData.OfText(["conv1/weights"])), graph.Constant(TensorData.OfText([""]))]);
        using var session = new Session(graph, Plain);
        NDArray read = session.Run(restore.Outputs[0]);
        Assert.That(read.shape, Is.EqualTo(new long[] { 3, 4 }));
        Assert.That(read.ToArray<float>(), Is.EqualTo(values));
    }

    [Test]
    public void SummariesHaveTheSameBytes()
    {
        var graph = new Graph();
        Tensor x = graph.Constant(TensorData.Of<float>(Recipe.Fill("summary", 40, -3, 3), [40]));
        Tensor merged = Summary.Merge([Summary.Scalar("loss", MathOps.Max(x)), Summary.Histogram("weights", x)]);
        using var ours = new Session(graph);
        using var theirs = new Session(graph, Plain);
        byte[] expected = StringValues.ToBytes(theirs.Run(merged));
        Assert.That(Values(StringValues.ToBytes(ours.Run(merged))), Is.EqualTo(Values(expected)));

        // Parsed and written again: fields may stand in another order.
        static string Values(byte[] bytes) => Protos.Summary.Parser.ParseFrom(bytes).ToString();
    }

    [Test]
    public void PicturesAreTheSame()
    {
        var graph = new Graph();
        Tensor x = graph.Constant(TensorData.Of<float>(Recipe.Fill("pictures", 2 * 5 * 6 * 3, 0, 1), [2, 5, 6, 3]));
        Tensor summary = Summary.Image("input", x);
        using var ours = new Session(graph);
        using var theirs = new Session(graph, Plain);
        Protos.Summary a = Protos.Summary.Parser.ParseFrom(StringValues.ToBytes(ours.Run(summary))), b = Protos.Summary.Parser.ParseFrom(StringValues.ToBytes(theirs.Run(summary)));
        Assert.That(a.Value.Select(value => (value.Tag, value.Image.Height, value.Image.Width, value.Image.Colorspace)), Is.EqualTo(b.Value.Select(value => (value.Tag, value.Image.Height, value.Image.Width, value.Image.Colorspace))));
        Assert.That(a.Value.Select(value => value.Image.EncodedImageString.Length), Is.All.GreaterThan(8));
    }
}
