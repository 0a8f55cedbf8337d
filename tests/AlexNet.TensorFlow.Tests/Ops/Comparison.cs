using NumSharp;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>Compares what two engines gave.</summary>
internal static class Comparison
{
    /// <summary>Fails the test where the two differ by more than the judge allows.</summary>
    /// <param name="managed">What the managed engine gave.</param>
    /// <param name="tensorflow">What TensorFlow gave.</param>
    /// <param name="wide">The same in float64; null where it is not known.</param>
    /// <param name="judge">The rule.</param>
    /// <param name="what">What is compared.</param>
    public static void Check(NDArray managed, NDArray tensorflow, NDArray? wide, Judge judge, string what)
    {
        Assert.That(NDArrays.TypeOf(managed), Is.EqualTo(NDArrays.TypeOf(tensorflow)), $"element type of {what}");
        Assert.That(managed.shape, Is.EqualTo(tensorflow.shape), $"shape of {what}");
        double[] ours = Doubles(managed), theirs = Doubles(tensorflow);
        double allowed = Allowed(theirs, wide is null ? null : Doubles(wide), NDArrays.TypeOf(managed), judge);
        RequireWithin(ours, theirs, allowed, what);
    }

    /// <summary>Fails the test where numbers differ by more than allowed, or one is no number and the other is.</summary>
    public static void RequireWithin(double[] ours, double[] theirs, double allowed, string what)
    {
        for (int i = 0; i < ours.Length; i++)
        {
            if (ours[i].Equals(theirs[i]) || Math.Abs(ours[i] - theirs[i]) <= allowed) continue;
            Assert.Fail($"{what}: element {i} is {ours[i]:R} here, {theirs[i]:R} in TensorFlow; {allowed:R} apart is allowed.");
        }
    }

    /// <summary>The largest finite magnitude.</summary>
    public static double Largest(double[] values) => values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();

    /// <summary>The largest difference of finite numbers.</summary>
    public static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Where(double.IsFinite).DefaultIfEmpty(0).Max();

    public static double[] Doubles(NDArray array) => NDArrays.TypeOf(array) switch
    {
        DType.Float64 => array.ToArray<double>(),
        DType.Float32 => Array.ConvertAll(array.ToArray<float>(), value => (double)value),
        DType.Bool => Array.ConvertAll(array.ToArray<bool>(), value => value ? 1.0 : 0),
        _ => Array.ConvertAll(TensorData.From(array).ToInt64s(), value => (double)value),
    };

    private static double Allowed(double[] theirs, double[]? wide, DType type, Judge judge)
    {
        if (!type.IsFloating() || judge == Judge.Exact) return 0;
        double largest = Largest(theirs);
        double general = type == DType.Float64 ? 1e-13 * Math.Max(1, largest) : (8 * (wide is null ? 0 : Distance(theirs, wide))) + (1e-6 * Math.Max(1, largest));
        return judge switch
        {
            Judge.Convolution => Math.Max(general, 1e-5 * largest),
            Judge.Normal => 2e-6,
            _ => general,
        };
    }
}
