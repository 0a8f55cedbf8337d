using System.Numerics;
using AlexNetTF.Tests.Ops.Nn;
using NumSharp;

namespace AlexNetTF.Tests.Ops;

/// <summary>Every element type of every op: results are C#'s own, and other types are refused by name.</summary>
public class NumberTypeTests
{
    [Test]
    public void EveryIntegerType()
    {
        Integers<int>();
        Integers<long>();
        Integers<short>();
        Integers<sbyte>();
        Integers<byte>();
    }

    [Test]
    public void DoublesAreComputedInDouble()
    {
        double[] x = [0.1, -2.5, 3, 1e-9], y = [7, 0.3, -1.5, 2];
        (Func<Tensor[], Tensor> Build, Func<double, double, double> Expected)[] ops =
        [
            (t => t[0] + t[1], (a, b) => a + b),
            (t => MathOps.Add(t[0], t[1]), (a, b) => a + b),
            (t => t[0] - t[1], (a, b) => a - b),
            (t => t[0] * t[1], (a, b) => a * b),
            (t => t[0] / t[1], (a, b) => a / b),
            (t => MathOps.FloorDiv(t[0], t[1]), (a, b) => Math.Floor(a / b)),
            (t => t[0] % t[1], (a, b) => a - (Math.Floor(a / b) * b)),
            (t => MathOps.Maximum(t[0], t[1]), Math.Max),
            (t => MathOps.Minimum(t[0], t[1]), Math.Min),
            (t => MathOps.Pow(MathOps.Abs(t[0]), t[1]), (a, b) => Math.Pow(Math.Abs(a), b)),
            (t => MathOps.SquaredDifference(t[0], t[1]), (a, b) => (a - b) * (a - b)),
            (t => -t[0], (a, _) => -a),
            (t => MathOps.Reciprocal(t[0]), (a, _) => 1 / a),
            (t => MathOps.Square(t[0]), (a, _) => a * a),
            (t => MathOps.Sqrt(t[0]), (a, _) => Math.Sqrt(a)),
            (t => MathOps.Rsqrt(MathOps.Abs(t[0])), (a, _) => 1 / Math.Sqrt(Math.Abs(a))),
            (t => MathOps.Exp(t[0]), (a, _) => Math.Exp(a)),
            (t => MathOps.Log(MathOps.Abs(t[0])), (a, _) => Math.Log(Math.Abs(a))),
            (t => MathOps.Tanh(t[0]), (a, _) => Math.Tanh(a)),
            (t => MathOps.Sigmoid(t[0]), (a, _) => 1 / (1 + Math.Exp(-a))),
            (t => MathOps.Abs(t[0]), (a, _) => Math.Abs(a)),
            (t => MathOps.Sign(t[0]), (a, _) => Math.Sign(a)),
            (t => MathOps.Floor(t[0]), (a, _) => Math.Floor(a)),
            (t => MathOps.Ceil(t[0]), (a, _) => Math.Ceiling(a)),
        ];
        NDArray[] found = OpRun.Run(t => [.. ops.Select(op => op.Build(t))], [OpRun.Of(x, 4), OpRun.Of(y, 4)]);

        for (int i = 0; i < ops.Length; i++)
        {
            double[] expected = [.. x.Zip(y, ops[i].Expected)];
            Assert.That(found[i].ToArray<double>(), Is.EqualTo(expected).Within(1e-14).Percent.Or.EqualTo(expected).Within(1e-15), $"op {i}");
        }
    }

    [Test]
    public void FloatsFollowTheirDoubles()
    {
        float[] x = [.. Enumerable.Range(-400, 800).Select(i => i / 40f)];
        (Func<Tensor, Tensor> Build, Func<double, double> Expected)[] ops =
        [
            (t => MathOps.Exp(t), Math.Exp),
            (t => MathOps.Tanh(t), Math.Tanh),
            (t => MathOps.Sigmoid(t), value => 1 / (1 + Math.Exp(-value))),
            (t => MathOps.Log(MathOps.Exp(t)), value => value),
            (t => MathOps.Log1p(MathOps.Square(t)), value => Math.Log(1 + (value * value))),
            (t => MathOps.Rsqrt(MathOps.Exp(t)), value => Math.Exp(-value / 2)),
        ];
        NDArray[] found = OpRun.Run(t => [.. ops.Select(op => op.Build(t[0]))], [OpRun.Of(x, x.Length)]);

        for (int i = 0; i < ops.Length; i++)
        {
            float[] values = found[i].ToArray<float>();
            for (int j = 0; j < x.Length; j++)
            {
                double expected = ops[i].Expected(x[j]);
                Assert.That(values[j], Is.EqualTo(expected).Within(2e-6 * Math.Max(Math.Abs(expected), i == 3 ? 1 : 0)), $"op {i} of {x[j]}");
            }
        }
    }

    [Test]
    public void LogarithmOfOnePlusKeepsSmallNumbers()
    {
        float[] x = [1e-10f, -1e-10f, 1e-30f, 0, -1, float.PositiveInfinity, 3e38f];

        Assert.That(OpRun.Run(t => MathOps.Log1p(t[0]), OpRun.Of(x, 7)).ToArray<float>(), Is.EqualTo(new[] { 1e-10f, -1e-10f, 1e-30f, 0, float.NegativeInfinity, float.PositiveInfinity, 88.5968475f }).Within(1).Ulps);
    }

    [Test]
    public void NumberDoesNotDependOnItsPlace()
    {
        // Fewer numbers than a vector holds, ends of arrays and middles: always the same bits.
        float[] x = OpRun.Floats("x", 37);
        static Tensor[] Build(Tensor[] t) => [MathOps.Exp(t[0]), MathOps.Log(MathOps.Abs(t[0])), MathOps.Tanh(t[0]), MathOps.Sigmoid(t[0]), MathOps.Sqrt(MathOps.Abs(t[0])), MathOps.Pow(MathOps.Abs(t[0]), 0.75f)];
        NDArray[] whole = OpRun.Run(Build, [OpRun.Of(x, 37)]);
        foreach (int length in (int[])[1, 2, 3, 5, 9, 17])
        {
            for (int start = 0; start + length <= 37; start += length)
            {
                NDArray[] part = OpRun.Run(Build, [OpRun.Of(x[start..(start + length)], length)]);
                for (int i = 0; i < whole.Length; i++)
                {
                    Assert.That(part[i].ToArray<float>(), Is.EqualTo(whole[i].ToArray<float>()[start..(start + length)]), $"function {i}, {length} from {start}");
                }
            }
        }
    }

    [Test]
    public void IntegersAreNotDividedByZero()
    {
        NDArray x = OpRun.Of([1, 2], 2), y = OpRun.Of([1, 0], 2);
        foreach (Func<Tensor[], Tensor> build in (Func<Tensor[], Tensor>[])[t => MathOps.FloorDiv(t[0], t[1]), t => t[0] % t[1], t => MathOps.TruncateDiv(t[0], t[1])])
        {
            Assert.That(Assert.Throws<RunException>(() => OpRun.Run(build, x, y))!.Code, Is.EqualTo(RunErrorCode.InvalidArgument));
        }

        Assert.That(Assert.Throws<RunException>(() => OpRun.Run(t => MathOps.Pow(t[0], t[1]), x, OpRun.Of([1, -1], 2)))!.Message, Does.Contain("power of -1"));
    }

    [Test]
    public void LeastIntegerDividedByMinusOneWrapsAround()
    {
        NDArray[] found = OpRun.Run(t => [MathOps.FloorDiv(t[0], t[1]), t[0] % t[1], MathOps.TruncateDiv(t[0], t[1]), -t[0], MathOps.Abs(t[0])], [OpRun.Of([int.MinValue], 1), OpRun.Of([-1], 1)]);

        Assert.That(found.Select(each => each.ToArray<int>()[0]), Is.EqualTo(new[] { int.MinValue, 0, int.MinValue, int.MinValue, int.MinValue }));
    }

    [Test]
    public void TypesOutsideAnOpsSetAreRefused()
    {
        var graph = new Graph();
        Tensor whole = graph.Placeholder(DType.Int32, new Shape(2), "whole"), truth = graph.Placeholder(DType.Bool, new Shape(2), "truth");

        Assert.That(() => MathOps.Sqrt(whole), Throws.TypeOf<GraphException>().With.Message.Contain("int32"));
        Assert.That(() => MathOps.RealDiv(whole, whole), Throws.TypeOf<GraphException>());
        Assert.That(() => truth + truth, Throws.TypeOf<GraphException>().With.Message.Contain("bool"));
        Assert.That(() => MathOps.LogicalNot(whole), Throws.TypeOf<GraphException>());
        Assert.That(() => MathOps.Sum(truth), Throws.TypeOf<GraphException>());
        Assert.That(() => MathOps.Where(whole, whole, whole), Throws.TypeOf<GraphException>());
    }

    [Test]
    public void LogicIsThatOfTruthValues()
    {
        NDArray x = OpRun.Of([true, true, false, false], 4), y = OpRun.Of([true, false, true, false], 4);

        NDArray[] found = OpRun.Run(t => [MathOps.LogicalAnd(t[0], t[1]), MathOps.LogicalOr(t[0], t[1]), MathOps.LogicalNot(t[0]), MathOps.Equal(t[0], t[1]), MathOps.NotEqual(t[0], t[1])], [x, y]);

        bool[][] expected = [[true, false, false, false], [true, true, true, false], [false, false, true, true], [true, false, false, true], [false, true, true, false]];
        for (int i = 0; i < found.Length; i++) Assert.That(found[i].ToArray<bool>(), Is.EqualTo(expected[i]), $"op {i}");
    }

    [Test]
    public void FiniteAndNaN()
    {
        NDArray x = OpRun.Of([1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0], 5);

        NDArray[] found = OpRun.Run(t => [MathOps.IsFinite(t[0]), MathOps.IsNan(t[0])], [x]);

        Assert.That(found[0].ToArray<bool>(), Is.EqualTo(new[] { true, false, false, false, true }));
        Assert.That(found[1].ToArray<bool>(), Is.EqualTo(new[] { false, true, false, false, false }));
    }

    [Test]
    public void CastsBetweenAllTypes()
    {
        foreach (DType from in Enum.GetValues<DType>().Where(type => type != DType.String))
        {
            foreach (DType to in Enum.GetValues<DType>().Where(type => type != DType.String))
            {
                NDArray found = OpRun.Run(t => MathOps.Cast(MathOps.Cast(MathOps.Cast(t[0], from), to), DType.Int32), OpRun.Of([0, 1, 100], 3));
                int[] expected = from == DType.Bool || to == DType.Bool ? [0, 1, 1] : [0, 1, 100];
                Assert.That(found.ToArray<int>(), Is.EqualTo(expected), $"{from} to {to}");
            }
        }

        Assert.That(OpRun.Run(t => MathOps.Cast(t[0], DType.UInt8), OpRun.Of([-1, 256, 257], 3)).ToArray<byte>(), Is.EqualTo(new byte[] { 255, 0, 1 }));
    }

    private static void Integers<T>()
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        T[] x = [T.CreateTruncating(7), T.CreateTruncating(100), T.MinValue, T.MaxValue], y = [T.CreateTruncating(2), T.CreateTruncating(3), T.CreateTruncating(5), T.CreateTruncating(7)];
        bool wide = typeof(T) == typeof(int) || typeof(T) == typeof(long);
        (Func<Tensor[], Tensor> Build, Func<T, T, T> Expected, bool WideOnly)[] ops =
        [
            (t => t[0] + t[1], (a, b) => unchecked(a + b), false),
            (t => t[0] - t[1], (a, b) => unchecked(a - b), false),
            (t => t[0] * t[1], (a, b) => unchecked(a * b), false),
            (t => MathOps.TruncateDiv(t[0], t[1]), (a, b) => a / b, false),
            (t => MathOps.FloorDiv(t[0], t[1]), (a, b) => Floor(a, b), false),
            (t => t[0].Graph.Add(new DivOp(), t), (a, b) => a / b, false),
            (t => t[0] % t[1], (a, b) => a - (Floor(a, b) * b), true),
            (t => MathOps.Maximum(t[0], t[1]), T.Max, true),
            (t => MathOps.Minimum(t[0], t[1]), T.Min, true),
            (t => MathOps.Pow(t[1], t[1]), (_, b) => Power(b, b), true),
            (t => MathOps.Square(t[1]), (_, b) => b * b, true),
            (t => -t[1], (_, b) => -b, true),
            (t => MathOps.Sign(t[0]), (a, _) => T.CreateTruncating(T.IsZero(a) ? 0 : T.IsNegative(a) ? -1 : 1), true),
            (t => MathOps.AddN([t[0], t[1], t[1]]), (a, b) => unchecked(a + b + b), false),
        ];
        (Func<Tensor[], Tensor> Build, Func<T, T, bool> Expected)[] comparisons =
        [
            (t => MathOps.Equal(t[0], t[1]), (a, b) => a == b),
            (t => MathOps.NotEqual(t[0], t[1]), (a, b) => a != b),
            (t => MathOps.Greater(t[0], t[1]), (a, b) => a > b),
            (t => MathOps.GreaterEqual(t[0], t[1]), (a, b) => a >= b),
            (t => MathOps.Less(t[0], t[1]), (a, b) => a < b),
            (t => MathOps.LessEqual(t[0], t[1]), (a, b) => a <= b),
        ];
        NDArray a = OpRun.Of(x, 4), b = OpRun.Of(y, 4);
        foreach ((Func<Tensor[], Tensor> build, Func<T, T, T> expected, bool wideOnly) in ops.Where(op => wide || !op.WideOnly))
        {
            Assert.That(OpRun.Run(build, a, b).ToArray<T>(), Is.EqualTo(x.Zip(y, expected)), typeof(T).Name);
        }

        foreach ((Func<Tensor[], Tensor> build, Func<T, T, bool> expected) in comparisons)
        {
            Assert.That(OpRun.Run(build, a, b).ToArray<bool>(), Is.EqualTo(x.Zip(y, expected)), typeof(T).Name);
        }

        Reductions(y);
    }

    private static void Reductions<T>(T[] y)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        NDArray[] found = OpRun.Run(t => [MathOps.Sum(t[0]), MathOps.Mean(t[0]), MathOps.Prod(t[0]), MathOps.Max(t[0]), MathOps.Min(t[0])], [OpRun.Of(y, 2, 2)]);

        Assert.That(found.Select(each => each.ToArray<T>()[0]), Is.EqualTo(((int[])[17, 4, 210, 7, 2]).Select(T.CreateTruncating)), typeof(T).Name);
    }

    private static T Floor<T>(T a, T b)
        where T : IBinaryInteger<T> => T.IsNegative(a) && a % b != T.Zero ? (a / b) - T.One : a / b;

    private static T Power<T>(T a, T b)
        where T : IBinaryInteger<T>
    {
        T result = T.One;
        for (T i = T.Zero; i < b; i++) result *= a;
        return result;
    }
}
