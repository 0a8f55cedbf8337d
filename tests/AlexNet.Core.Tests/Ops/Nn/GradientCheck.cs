using NumSharp;

namespace AlexNetTF.Tests.Ops.Nn;

/// <summary>An op's gradient function against differences of the op itself, in double.</summary>
internal static class GradientCheck
{
    private const double Step = 1e-5;

    /// <param name="build">Makes the op; its output 0 is differentiated.</param>
    /// <param name="inputs">float64 inputs, differentiated, and others, not.</param>
    /// <param name="tolerance">Of the largest element of a gradient.</param>
    public static void Check(Func<Tensor[], Tensor> build, NDArray[] inputs, string what, double tolerance = 1e-7)
    {
        int differentiated = 0;
        var graph = new Graph();
        Tensor[] xs = [.. inputs.Select((input, i) => OpRun.Placeholder(graph, input, $"in{i}"))];
        Tensor y = build(xs);
        int[] dims = y.Shape.ToArray();
        double[] weights = OpRun.Doubles(what, dims);
        Tensor dy = graph.Placeholder(DType.Float64, y.Shape, "dy");
        IReadOnlyList<Tensor?> gradients = y.Op.Def.Gradient.Function!(y.Op, [dy]);
        using var session = new Session(graph);
        for (int i = 0; i < xs.Length; i++)
        {
            if (xs[i].DType != DType.Float64) continue;

            // The op may take further inputs than the test varies.
            if (gradients[y.Op.Inputs.ToList().IndexOf(xs[i])] is not { } gradient) continue;
            differentiated++;
            Feeds feeds = OpRun.FeedsOf([.. xs, dy], [.. inputs, OpRun.Of(weights, dims)]);
            double[] numeric = Differences(session, y, xs, inputs, i, weights);
            OpRun.AssertClose(session.Run(gradient, feeds), numeric, NDArrays.DimsOf(inputs[i]), tolerance, $"{what}, gradient of input {i}");
        }

        Assert.That(differentiated, Is.GreaterThan(0), $"{what}: inputs with a gradient");
    }

    public static double[] Differences(Session session, Tensor y, Tensor[] xs, NDArray[] inputs, int varied, double[] weights)
    {
        double[] values = inputs[varied].ToArray<double>();
        var result = new double[values.Length];
        for (int i = 0; i < values.Length; i++) result[i] = (At(i, Step) - At(i, -Step)) / (2 * Step);
        return result;

        double At(int element, double step)
        {
            double[] moved = [.. values];
            moved[element] += step;
            NDArray[] all = [.. inputs];
            all[varied] = OpRun.Of(moved, NDArrays.DimsOf(inputs[varied]));
            return session.Run(y, OpRun.FeedsOf(xs, all)).ToArray<double>().Zip(weights, (value, weight) => value * weight).Sum();
        }
    }
}
