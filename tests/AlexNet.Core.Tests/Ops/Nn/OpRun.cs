using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests.Ops.Nn;

/// <summary>An op of a test: inputs as placeholders, fed and run through a session.</summary>
internal static class OpRun
{
    /// <summary>Runs what <paramref name="build"/> makes of the inputs.</summary>
    public static NDArray[] Run(Func<Tensor[], Tensor[]> build, NDArray[] inputs, SessionOptions? options = null, bool known = true)
    {
        var graph = new Graph();
        Tensor[] placeholders = [.. inputs.Select((input, i) => Placeholder(graph, input, $"in{i}", known))];
        Tensor[] outputs = build(placeholders);
        using var session = new Session(graph, options);
        return session.Run(outputs, FeedsOf(placeholders, inputs));
    }

    /// <summary>As the other overload, for one output.</summary>
    public static NDArray Run(Func<Tensor[], Tensor> build, params NDArray[] inputs) => Run(tensors => [build(tensors)], inputs)[0];

    /// <summary>Reproducible numbers between −1 and 1.</summary>
    public static float[] Floats(string name, params int[] dims) => Recipe.Fill(name, dims, -1, 1);

    /// <summary>Reproducible numbers between −1 and 1.</summary>
    public static double[] Doubles(string name, params int[] dims) => Array.ConvertAll(Floats(name, dims), value => (double)value);

    public static NDArray Of<T>(T[] values, params int[] dims)
        where T : unmanaged => TensorData.Of<T>(values, dims).ToNDArray();

    public static int[] Dims(NDArray array) => Array.ConvertAll(array.shape, size => checked((int)size));

    public static Tensor Placeholder(Graph graph, NDArray value, string name, bool known = true) =>
        graph.Placeholder(NDArrays.TypeOf(value), known ? Shape.Of(NDArrays.DimsOf(value)) : Shape.Unknown, name);

    public static Feeds FeedsOf(Tensor[] tensors, NDArray[] values)
    {
        var feeds = new Feeds();
        for (int i = 0; i < tensors.Length; i++) feeds[tensors[i]] = values[i];
        return feeds;
    }

    /// <summary>Every element within <paramref name="tolerance"/> of the largest expected magnitude; NaN where NaN is expected.</summary>
    public static void AssertClose(NDArray actual, double[] expected, int[] dims, double tolerance, string what)
    {
        Assert.That(Dims(actual), Is.EqualTo(dims), what);
        double[] values = actual.typecode == NPTypeCode.Double ? actual.ToArray<double>() : Array.ConvertAll(actual.ToArray<float>(), value => (double)value);
        double largest = expected.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (int i = 0; i < values.Length; i++)
        {
            bool close = values[i].Equals(expected[i]) || Math.Abs(values[i] - expected[i]) <= tolerance * largest;
            if (!close) Assert.Fail($"{what}: element {i} of {values.Length} is {values[i]:R}, expected {expected[i]:R} (largest {largest:R})");
        }
    }
}
