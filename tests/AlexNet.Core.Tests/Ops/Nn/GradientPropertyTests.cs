using FsCheck;
using NumSharp;
using NN = AlexNetTF.Nn;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace AlexNetTF.Tests.Ops.Nn;

/// <summary>
/// Gradients on random shapes against differences in double precision. Inputs stay away from the places where an op has no
/// slope: values of a pool differ, none is near 0 for Relu.
/// </summary>
public class GradientPropertyTests
{
    [Property(MaxTest = 30)]
    public void Convolution(DoNotSize<int> seed) => Try(seed, trial =>
    {
        int groups = trial.Size(1, 2), kernel = trial.Size(1, 3);
        int[] x = trial.Picture(kernel, channels: groups * trial.Size(1, 3));
        int[] filter = [kernel, trial.Size(1, kernel), x[3] / groups, groups * trial.Size(1, 3)];
        int[] strides = [1, trial.Size(1, 3), trial.Size(1, 2), 1];
        Padding padding = trial.Padding();
        GradientCheck.Check(t => NN.Conv2D(t[0], t[1], strides, padding), [trial.Values(x), trial.Values(filter)], $"{trial} conv {padding} {string.Join(",", strides)}");
    });

    [Property(MaxTest = 30)]
    public void Pooling(DoNotSize<int> seed) => Try(seed, trial =>
    {
        int kernel = trial.Size(1, 3), stride = trial.Size(1, 3);
        int[] x = trial.Picture(kernel, trial.Size(1, 3)), window = [1, kernel, kernel, 1], strides = [1, stride, stride, 1];
        Padding padding = trial.Padding();
        GradientCheck.Check(t => NN.MaxPool(t[0], window, strides, padding), [trial.Distinct(x)], $"{trial} max {padding}");
        GradientCheck.Check(t => NN.AvgPool(t[0], window, strides, padding), [trial.Values(x)], $"{trial} average {padding}");
        NDArray dy = trial.Values(OpRun.Dims(OpRun.Run(t => NN.AvgPool(t[0], window, strides, padding), trial.Values(x))));
        GradientCheck.Check(t => PoolTests.GradientOf(NN.AvgPool(Fixed(t[0].Graph, trial.Values(x)), window, strides, padding), t[0]), [dy], $"{trial} gradient of average");
    });

    [Property(MaxTest = 30)]
    public void AcrossChannels(DoNotSize<int> seed) => Try(seed, trial =>
    {
        int[] x = trial.Picture(1, trial.Size(1, 7));
        int radius = trial.Size(0, 3);
        GradientCheck.Check(t => NN.Lrn(t[0], radius, 1.1f, 0.6f, 0.75f), [trial.Values(x)], $"{trial} lrn {radius}");
        GradientCheck.Check(t => NN.BiasAdd(t[0], t[1]), [trial.Values(x), trial.Values(x[3])], $"{trial} bias");
        GradientCheck.Check(t => NN.Softmax(t[0]), [trial.Values(x[0], x[3])], $"{trial} softmax");
        GradientCheck.Check(t => NN.LogSoftmax(t[0]), [trial.Values(x[0], x[3])], $"{trial} log softmax");
    });

    [Property(MaxTest = 30)]
    public void Elements(DoNotSize<int> seed) => Try(seed, trial =>
    {
        int[] x = trial.Picture(1, trial.Size(1, 5));
        GradientCheck.Check(t => NN.Relu(t[0]), [trial.Distinct(x)], $"{trial} relu");
        GradientCheck.Check(t => PoolTests.GradientOf(NN.Relu(Fixed(t[0].Graph, trial.Distinct(x))), t[0]), [trial.Values(x)], $"{trial} gradient of relu");
        GradientCheck.Check(t => MathOps.Sin(t[0]), [trial.Values(x)], $"{trial} sin");
        GradientCheck.Check(t => MathOps.Cos(t[0]), [trial.Values(x)], $"{trial} cos");
        GradientCheck.Check(t => MathOps.AddN([t[0], t[1], t[2]]), [trial.Values(x), trial.Values(x), trial.Values(x)], $"{trial} sum of three");
        GradientCheck.Check(t => NN.L2Loss(t[0]), [trial.Values(x)], $"{trial} l2");
    });

    [Property(MaxTest = 30)]
    public void Products(DoNotSize<int> seed) => Try(seed, trial =>
    {
        int rows = trial.Size(1, 5), inner = trial.Size(1, 6), columns = trial.Size(1, 5);
        bool first = trial.Size(0, 1) == 1, second = trial.Size(0, 1) == 1;
        NDArray a = first ? trial.Values(inner, rows) : trial.Values(rows, inner), b = second ? trial.Values(columns, inner) : trial.Values(inner, columns);
        GradientCheck.Check(t => MathOps.MatMul(t[0], t[1], first, second), [a, b], $"{trial} product {first} {second}");
    });

    private static void Try(DoNotSize<int> seed, Action<Trial> check) => check(new Trial(seed.Item));

    private static Tensor Fixed(Graph graph, NDArray values) => graph.Constant(TensorData.Of<double>(values.ToArray<double>(), OpRun.Dims(values)));

    private sealed class Trial(int seed)
    {
        private readonly Random random = new(seed);

        public int Size(int least, int most) => random.Next(least, most + 1);

        public Padding Padding() => random.Next(2) == 0 ? AlexNetTF.Padding.Same : AlexNetTF.Padding.Valid;

        public int[] Picture(int kernel, int channels) => [Size(1, 2), Size(kernel, 6), Size(kernel, 6), channels];

        public NDArray Values(params int[] dims) => OpRun.Of([.. Enumerable.Range(0, Count(dims)).Select(_ => (2 * random.NextDouble()) - 1)], dims);

        /// <summary>Values that differ from each other and from 0 by much more than the step of the differences.</summary>
        public NDArray Distinct(params int[] dims)
        {
            double[] values = [.. Enumerable.Range(0, Count(dims)).Select(i => (i + 0.5) / Count(dims) * (i % 2 == 0 ? 1 : -1))];
            random.Shuffle(values);
            return OpRun.Of(values, dims);
        }

        public override string ToString() => $"seed {seed}";

        private static int Count(int[] dims) => dims.Aggregate(1, (product, size) => product * size);
    }
}
