using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests.Execution;

/// <summary>A filter that a run itself changes is transformed anew for every reader, and afterwards by other runs too.</summary>
public sealed class ChangedFilterTests
{
    [Test]
    public void ReadersSeeTheFilterOfTheirMoment()
    {
        var graph = new Graph();
        Tensor x = graph.Constant(TensorData.Of<float>(Recipe.Fill("x", 2 * 13 * 13 * 8, -1, 1), [2, 13, 13, 8]), "x");
        Variable filter = graph.Variable(graph.Constant(TensorData.Of<float>(Recipe.Fill("filter", 3 * 3 * 8 * 16, -1, 1), [3, 3, 8, 16]), "start"), "filter");
        Tensor before = Nn.Conv2D(x, filter.Value, [1, 1, 1, 1], Padding.Same), doubled, after;
        using (graph.ControlDependencies(before.Op)) doubled = filter.Assign(filter.Value * 2f);
        using (graph.ControlDependencies(doubled.Op)) after = Nn.Conv2D(x, ArrayOps.Identity(filter.Reference), [1, 1, 1, 1], Padding.Same);
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        float[] expected = session.Run(before).ToArray<float>();

        // Twofold is exact in every step of the transform.
        for (int run = 0; run < 3; run++)
        {
            NDArray[] both = session.Run([before, after]);
            Assert.That(both[0].ToArray<float>(), Is.EqualTo(expected), $"before, run {run}");
            expected = Array.ConvertAll(expected, value => 2 * value);
            Assert.That(both[1].ToArray<float>(), Is.EqualTo(expected), $"after, run {run}");
            Assert.That(session.Run(before).ToArray<float>(), Is.EqualTo(expected), $"a run that changes nothing, after run {run}");
        }
    }

    [Test]
    public void AnInitializerRunsAgain()
    {
        var graph = new Graph();
        Variable large = graph.GetVariable("large", new Shape(1 << 20));
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        float[] first = session.Run(large.Value).ToArray<float>();
        session.Run(graph.GlobalVariablesInitializer());
        Assert.That(session.Run(large.Value).ToArray<float>(), Is.Not.EqualTo(first).And.Length.EqualTo(first.Length), "the generator goes on");
    }
}
