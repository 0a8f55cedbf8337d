using NumSharp;

namespace AlexNetTF.Tests.Ops;

public class AddNTests
{
    [Test]
    public void OneTensorMayStandInSeveralPlaces()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(3000), "x");
        Tensor doubled = MathOps.AddN([x, x]);
        Tensor sum = MathOps.AddN([doubled, x, doubled], "sum");
        using var session = new Session(graph);
        float[] values = [.. Enumerable.Range(0, 3000).Select(i => (float)i)];

        NDArray result = session.Run(sum, new Feeds { [x] = values });

        Assert.That(result.ToArray<float>(), Is.EqualTo(values.Select(value => 5 * value)));
    }

    [Test]
    public void RefusesShapesThatDiffer()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(2), "x");
        Tensor y = graph.Placeholder(DType.Float32, new Shape(1), "y");

        GraphException error = Assert.Throws<GraphException>(() => MathOps.AddN([x, y]))!;

        Assert.That(error.Message, Does.Contain("AddN").And.Contain("[2]").And.Contain("[1]"));
    }
}
