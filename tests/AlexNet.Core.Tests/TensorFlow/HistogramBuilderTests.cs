using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF.Tests.Formats;

public sealed class HistogramBuilderTests
{
    private static readonly double[] s_limits = NaiveLimits();

    [Test]
    public void The_reference_vector()
    {
        HistogramProto histogram = Build<double>([0, 1, -1, 2.5, 2.5]);
        Assert.That(histogram.BucketLimit, Is.EqualTo((double[])
        [
            -1.0089710279437536, -0.917246389039776, 0, 1e-12, 0.917246389039776, 1.0089710279437536, 2.379100905625872, 2.6170109961884593, double.MaxValue,
        ]));
        Assert.That(histogram.Bucket, Is.EqualTo((double[])[0, 1, 0, 1, 0, 1, 0, 2, 0]));
        Assert.That((histogram.Min, histogram.Max, histogram.Num, histogram.Sum, histogram.SumSquares), Is.EqualTo((-1.0, 2.5, 5.0, 5.0, 14.5)));
    }

    [Test]
    public void Nothing_counted()
    {
        HistogramProto histogram = Build<float>([]);
        Assert.That((histogram.Min, histogram.Max, histogram.Num), Is.EqualTo((double.MaxValue, double.MinValue, 0.0)));
        Assert.That(histogram.BucketLimit, Is.EqualTo((double[])[double.MaxValue]));
        Assert.That(histogram.Bucket, Is.EqualTo((double[])[0]));
    }

    [Test]
    public void Limits_and_their_neighbours_fall_on_the_right_side() =>
        AssertSame([.. s_limits.SelectMany(limit => (double[])[limit, Math.BitDecrement(limit), Math.BitIncrement(limit)]).Where(double.IsFinite), -0.0, double.Epsilon, -double.Epsilon]);

    [FsCheck.NUnit.Property]
    public void Any_numbers_are_counted_as_by_plain_search(double[] values) => AssertSame([.. values.Where(double.IsFinite)]);

    [Test]
    public void Numbers_of_every_size_are_counted_as_by_plain_search()
    {
        var random = new Random(5);
        AssertSame([.. Enumerable.Range(0, 20_000).Select(_ => Math.Exp((random.NextDouble() * 200) - 100) * (random.Next(2) == 0 ? 1 : -1))]);
    }

    [Test]
    public void All_element_types_count_alike()
    {
        HistogramProto expected = Build<double>([1, 2, 200]);
        Assert.That(Build<float>([1, 2, 200]), Is.EqualTo(expected));
        Assert.That(Build<int>([1, 2, 200]), Is.EqualTo(expected));
        Assert.That(Build<long>([1, 2, 200]), Is.EqualTo(expected));
        Assert.That(Build<byte>([1, 2, 200]), Is.EqualTo(expected));
    }

    [Test]
    public void Many_numbers_are_counted_in_blocks()
    {
        var random = new Random(6);
        double[] values = [.. Enumerable.Range(0, (2 << 20) + 77).Select(_ => (double)random.Next(-4000, 4000))];
        AssertSame(values, naive: value => s_limits.AsSpan().BinarySearch(value) is var at && at >= 0 ? at + 1 : ~at);
        HistogramProto built = Build(values);
        Assert.That((built.Min, built.Max, built.Num, built.Sum, built.SumSquares), Is.EqualTo((values.Min(), values.Max(), (double)values.Length, values.Sum(), values.Sum(value => value * value))));
    }

    [Test]
    public void The_first_number_that_is_not_finite_is_told_in_any_block([Values(3, (1 << 20) + 5, (2 << 20) + 1)] int at)
    {
        var values = new float[(2 << 20) + 9];
        values[at] = float.NaN;
        values[^1] = float.PositiveInfinity;
        Assert.That(new HistogramBuilder().Add<float>(values), Is.EqualTo(at));
    }

    private static HistogramProto Build<T>(T[] values)
        where T : unmanaged
    {
        var builder = new HistogramBuilder();
        Assert.That(builder.Add<T>(values), Is.EqualTo(-1));
        return builder.ToProto();
    }

    private static void AssertSame(double[] values, Func<double, int>? naive = null)
    {
        HistogramProto built = Build(values);
        var counts = new double[s_limits.Length];
        naive ??= value => Array.FindIndex(s_limits, limit => limit > value) is var at && at < 0 ? s_limits.Length - 1 : at;
        foreach (double value in values) counts[Math.Min(naive(value), s_limits.Length - 1)]++;
        for (int i = 0; i < built.BucketLimit.Count; i++)
        {
            Assert.That(built.Bucket[i], Is.EqualTo(counts[Array.IndexOf(s_limits, built.BucketLimit[i])]), $"limit {built.BucketLimit[i]}");
        }

        Assert.That(built.Bucket.Sum(), Is.EqualTo(values.Length));
    }

    private static double[] NaiveLimits()
    {
        List<double> limits = [0];
        for (double limit = 1e-12; limit < 1e20; limit *= 1.1)
        {
            limits.Add(limit);
            limits.Insert(0, -limit);
        }

        return [double.MinValue, .. limits, double.MaxValue];
    }
}
