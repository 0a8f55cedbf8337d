using AlexNetTF.Tests.Ops.Nn;
using NumSharp;

namespace AlexNetTF.Tests.Ops;

/// <summary>Every gradient against differences, in double; shapes known and not, with and without broadcasting.</summary>
public class MathGradientTests
{
    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> Binary = new()
    {
        ["Add"] = (x, y) => MathOps.Add(x, y),
        ["AddV2"] = (x, y) => x + y,
        ["Sub"] = (x, y) => x - y,
        ["Mul"] = (x, y) => x * y,
        ["RealDiv"] = (x, y) => x / y,
        ["Div"] = (x, y) => x.Graph.Add(new DivOp(), [x, y]),
        ["DivNoNan"] = (x, y) => MathOps.DivNoNan(x, y),
        ["Pow"] = (x, y) => MathOps.Pow(x, y),
        ["FloorMod"] = (x, y) => x % y,
        ["Maximum"] = (x, y) => MathOps.Maximum(x, y),
        ["Minimum"] = (x, y) => MathOps.Minimum(x, y),
        ["SquaredDifference"] = (x, y) => MathOps.SquaredDifference(x, y),
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Unary = new()
    {
        ["Neg"] = x => -x,
        ["Reciprocal"] = x => MathOps.Reciprocal(x),
        ["Square"] = x => MathOps.Square(x),
        ["Sqrt"] = x => MathOps.Sqrt(x),
        ["Rsqrt"] = x => MathOps.Rsqrt(x),
        ["Exp"] = x => MathOps.Exp(x),
        ["Log"] = x => MathOps.Log(x),
        ["Log1p"] = x => MathOps.Log1p(x),
        ["Tanh"] = x => MathOps.Tanh(x),
        ["Sigmoid"] = x => MathOps.Sigmoid(x),
        ["Abs"] = x => MathOps.Abs(x),
        ["Sign"] = x => MathOps.Sign(x),
        ["L2Loss"] = x => AlexNetTF.Nn.L2Loss(x),
        ["Sum"] = x => MathOps.Sum(x, [0, 2]),
        ["SumKept"] = x => MathOps.Sum(x, [1], keepDims: true),
        ["SumAll"] = x => MathOps.Sum(x),
        ["SumOfOne"] = x => MathOps.Sum(x, (Operand)(-1)),
        ["Mean"] = x => MathOps.Mean(x, [1]),
        ["MeanAll"] = x => MathOps.Mean(x),
        ["MeanNone"] = x => MathOps.Mean(x, []),
        ["Max"] = x => MathOps.Max(x, [2, 0]),
        ["Min"] = x => MathOps.Min(x, [1]),
        ["Prod"] = x => MathOps.Prod(x, [0, 2]),
        ["ProdKept"] = x => MathOps.Prod(x, [-2], keepDims: true),
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> Slopes = new()
    {
        ["SqrtGrad"] = MathOps.SqrtGrad,
        ["RsqrtGrad"] = MathOps.RsqrtGrad,
        ["ReciprocalGrad"] = MathOps.ReciprocalGrad,
        ["TanhGrad"] = MathOps.TanhGrad,
        ["SigmoidGrad"] = MathOps.SigmoidGrad,
    };

    private static IEnumerable<string> BinaryNames => Binary.Keys;

    private static IEnumerable<string> UnaryNames => Unary.Keys;

    private static IEnumerable<string> SlopeNames => Slopes.Keys;

    [Test]
    public void OfTwoOperands([ValueSource(nameof(BinaryNames))] string op, [Values] bool known)
    {
        foreach ((int[] x, int[] y) in ((int[], int[])[])[([2, 3], [2, 3]), ([2, 3], [3]), ([2, 1, 3], [4, 1]), ([], [2, 2]), ([1], [2, 1])])
        {
            Check(t => Binary[op](t[0], t[1]), [Positive("x", x), Positive("y", y)], known, $"{op} {string.Join(",", x)} {string.Join(",", y)}");
        }
    }

    [Test]
    public void OfOneOperand([ValueSource(nameof(UnaryNames))] string op, [Values] bool known) =>
        Check(t => Unary[op](t[0]), [Positive("x", 2, 3, 4)], known, op);

    [Test]
    public void OfGradients([ValueSource(nameof(SlopeNames))] string op, [Values] bool known) =>
        Check(t => Slopes[op](t[0], t[1]), [Positive("x", 2, 3), Positive("y", 2, 3)], known, op);

    [Test]
    public void OfSelections([Values] bool known)
    {
        NDArray condition = OpRun.Of([true, false, true, true, false, false], 2, 3), rows = OpRun.Of([true, false], 2);
        Check(t => MathOps.Where(t[2], t[0], t[1]), [Positive("x", 2, 3), Positive("y", 2, 3), condition], known, "Select");
        Check(t => MathOps.Where(t[2], t[0], t[1]), [Positive("x", 2, 3), Positive("y", 2, 3), rows], known, "Select by rows");
        Check(t => MathOps.WhereV2(t[2], t[0], t[1]), [Positive("x", 3), Positive("y", 2, 1), condition], known, "SelectV2");
    }

    [Test]
    public void OfProductsWithZeros()
    {
        NDArray x = OpRun.Of([0.0, 2, 3, 0, 0, 5, 1, 2, 4], 3, 3);
        Check(t => MathOps.Prod(t[0], [1]), [x], known: true, "Prod");
    }

    [Test]
    public void OfCasts()
    {
        NDArray x = Positive("x", 3);
        Check(t => MathOps.Cast(MathOps.Cast(t[0], DType.Float64), DType.Float64), [x], known: true, "no node");
        var graph = new Graph();
        Tensor a = graph.Placeholder(DType.Float32, new Shape(3), "a");
        Tensor doubled = MathOps.Cast(a, DType.Float64), whole = MathOps.Cast(a, DType.Int32);

        Assert.That(doubled.Op.Def.Gradient.Function!(doubled.Op, [doubled])[0]!.DType, Is.EqualTo(DType.Float32));
        Assert.That(whole.Op.Def.Gradient.Function!(whole.Op, [whole])[0], Is.Null);
    }

    [Test]
    public void ExtremesShareEquallyAmongEquals()
    {
        var graph = new Graph();
        Tensor x = graph.Constant(OpRun.Of([3f, 1, 3, 2, 2, 0], 2, 3), "x");
        Tensor max = MathOps.Max(x, [1]), dy = graph.Constant(OpRun.Of([1f, 10], 2), "dy");
        Tensor dx = Gradients.Compute([max], [x], [dy])[0]!;
        using var session = new Session(graph);

        Assert.That(session.Run(dx).ToArray<float>(), Is.EqualTo(new[] { 0.5f, 0, 0.5f, 5, 5, 0 }));
    }

    private static NDArray Positive(string name, params int[] dims) =>
        OpRun.Of(Array.ConvertAll(OpRun.Doubles(name, dims), value => 1.25 + value), dims);

    private static void Check(Func<Tensor[], Tensor> build, NDArray[] inputs, bool known, string what)
    {
        var graph = new Graph();
        Tensor[] xs = [.. inputs.Select((input, i) => OpRun.Placeholder(graph, input, $"in{i}", known))];
        Tensor y = build(xs);
        Tensor dy = graph.Placeholder(DType.Float64, known ? y.Shape : Shape.Unknown, "dy");
        Tensor[] differentiated = [.. xs.Where(x => x.DType == DType.Float64)];
        Tensor?[] gradients = Gradients.Compute([y], differentiated, [dy]);
        using var session = new Session(graph);
        NDArray value = session.Run(y, OpRun.FeedsOf(xs, inputs));
        double[] weights = OpRun.Doubles(what, OpRun.Dims(value));
        Feeds feeds = OpRun.FeedsOf([.. xs, dy], [.. inputs, OpRun.Of(weights, OpRun.Dims(value))]);
        for (int i = 0; i < differentiated.Length; i++)
        {
            Assert.That(gradients[i], Is.Not.Null, what);
            double[] numeric = Differences(session, y, xs, inputs, i, weights);
            NDArray found = session.Run(gradients[i]!, feeds);
            Assert.That(OpRun.Dims(found), Is.EqualTo(OpRun.Dims(inputs[i])), what);
            Assert.That(found.ToArray<double>(), Is.EqualTo(numeric).Within(1e-7 * (1 + numeric.Max(Math.Abs))), $"{what}, input {i}");
        }
    }

    private static double[] Differences(Session session, Tensor y, Tensor[] xs, NDArray[] inputs, int varied, double[] weights)
    {
        const double Step = 1e-6;
        double[] values = inputs[varied].ToArray<double>();
        return [.. values.Select((_, i) => (At(i, Step) - At(i, -Step)) / (2 * Step))];

        double At(int element, double step)
        {
            double[] moved = [.. values];
            moved[element] += step;
            NDArray[] all = [.. inputs];
            all[varied] = OpRun.Of(moved, OpRun.Dims(inputs[varied]));
            return session.Run(y, OpRun.FeedsOf(xs, all)).ToArray<double>().Zip(weights, (value, weight) => value * weight).Sum();
        }
    }
}
