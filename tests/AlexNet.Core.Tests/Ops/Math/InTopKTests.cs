using AlexNetTF.Tests.Ops.Nn;
using NumSharp;

namespace AlexNetTF.Tests.Ops;

public class InTopKTests
{
    [Test]
    public void RanksAgainstSorting([Values] bool wide)
    {
        const int Rows = 40, Classes = 7;
        float[] scores = OpRun.Floats("scores", Rows, Classes);
        int[] targets = [.. Enumerable.Range(0, Rows).Select(row => row % Classes)];
        NDArray given = wide ? OpRun.Of(Array.ConvertAll(targets, target => (long)target), Rows) : OpRun.Of(targets, Rows);
        for (int k = 0; k <= Classes; k++)
        {
            bool[] found = OpRun.Run(t => AlexNetTF.Nn.InTopK(t[0], t[1], k), OpRun.Of(scores, Rows, Classes), given).ToArray<bool>();
            for (int row = 0; row < Rows; row++)
            {
                float[] own = scores[(row * Classes)..((row + 1) * Classes)];
                Assert.That(found[row], Is.EqualTo(own.Count(score => score > own[targets[row]]) < k), $"row {row}, k {k}");
            }
        }
    }

    [Test]
    public void TargetsMustBeAsManyAsRows()
    {
        var graph = new Graph();
        Tensor scores = graph.Placeholder(DType.Float32, new Shape(3, 5)), targets = graph.Placeholder(DType.Int32, new Shape(4));

        Assert.That(() => AlexNetTF.Nn.InTopK(scores, targets, 1), Throws.TypeOf<GraphException>().With.Message.Contain("4 targets and 3 rows"));
    }
}
