using NumSharp;

namespace AlexNetTF.Tests.Ops.Nn;

public class LrnTests
{
    [Test]
    public void NormalisesByTheNeighboursSquares(
        [Values(0, 1, 2, 5)] int radius, [Values(0.75f, 0.5f, 1f, 0.6f)] float beta, [Values(1, 3, 16, 37, 96)] int channels)
    {
        const float Bias = 1.5f, Alpha = 0.3f;
        int[] dims = [2, 3, 2, channels];
        float[] x = Array.ConvertAll(OpRun.Floats($"lrn{radius}", dims), value => 3 * value);
        double[] expected = Forward(x, channels, radius, Bias, Alpha, beta);

        NDArray y = OpRun.Run(t => AlexNetTF.Nn.Lrn(t[0], radius, Bias, Alpha, beta), OpRun.Of(x, dims));

        OpRun.AssertClose(y, expected, dims, 1e-6, $"radius {radius}, beta {beta}, {channels} channels");
    }

    [Test]
    public void GradientFollowsDifferences([Values(0, 1, 2, 4)] int radius, [Values(0.75f, 1f)] float beta)
    {
        int[] dims = [1, 2, 1, 5];
        GradientCheck.Check(t => AlexNetTF.Nn.Lrn(t[0], radius, 1.5f, 0.7f, beta), [OpRun.Of(OpRun.Doubles("lrn", dims), dims)], $"radius {radius}");
    }

    [Test]
    public void FloatGradientIsTheDoubleOne([Values(1, 2, 5)] int radius, [Values(3, 16, 50)] int channels)
    {
        int[] dims = [2, 2, 3, channels];
        float[] x = OpRun.Floats("x", dims), dy = OpRun.Floats("dy", dims);
        Func<Tensor[], Tensor> build = t => PoolTests.GradientOf(AlexNetTF.Nn.Lrn(t[0], radius, 1.2f, 0.4f, 0.75f), t[1]);
        double[] expected = OpRun.Run(build, OpRun.Of(Array.ConvertAll(x, v => (double)v), dims), OpRun.Of(Array.ConvertAll(dy, v => (double)v), dims)).ToArray<double>();
        OpRun.AssertClose(OpRun.Run(build, OpRun.Of(x, dims), OpRun.Of(dy, dims)), expected, dims, 1e-6, $"radius {radius}, {channels} channels");
    }

    [Test]
    public void NegativeRadiusIsRefused()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(1, 1, 1, 3), "x");
        Assert.That(() => AlexNetTF.Nn.Lrn(x, -1), Throws.TypeOf<GraphException>().With.Message.Contain("-1"));
    }

    private static double[] Forward(float[] x, int channels, int radius, double bias, double alpha, double beta)
    {
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int k = i % channels;
            double sum = 0;
            for (int j = Math.Max(0, k - radius); j <= Math.Min(channels - 1, k + radius); j++) sum += (double)x[i - k + j] * x[i - k + j];
            y[i] = x[i] * Math.Pow(bias + (alpha * sum), -(double)(float)beta);
        }

        return y;
    }
}
