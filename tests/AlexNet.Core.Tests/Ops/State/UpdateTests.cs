using AlexNetTF.Kernels;
using AlexNetTF.Tests.Ops.Nn;
using NumSharp;

namespace AlexNetTF.Tests.Ops;

/// <summary>Updates of variables against their formulas, in every width, for any number of threads, in both types.</summary>
[NonParallelizable]
public class UpdateTests
{
    // Over one block of work and not a multiple of any vector.
    private const int Count = (1 << 16) + 7;

    private static readonly string[] Ops = ["GradientDescent", "Momentum", "MomentumNesterov", "Adam", "AdamNesterov", "RMSProp", "CenteredRMSProp", "Adagrad"];

    [TestCaseSource(nameof(Ops))]
    public void FormulaHoldsInBothTypes(string op)
    {
        double[][] start = Start();
        double[][] expected = [.. start.Select(values => (double[])values.Clone())];
        for (int i = 0; i < Count; i++)
        {
            double[] element = [.. expected.Select(values => values[i])];
            Formula(op, element, Gradient(i));
            for (int k = 0; k < element.Length; k++) expected[k][i] = element[k];
        }

        double[][] found = Array.ConvertAll(Run<double>(op, start, new SessionOptions()), values => values.ToArray<double>());
        float[][] rounded = Array.ConvertAll(Run<float>(op, start, new SessionOptions()), values => values.ToArray<float>());
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.That(found[k], Is.EqualTo(expected[k]).Within(1e-13), $"slot {k}");
            for (int i = 0; i < Count; i++) Assert.That(rounded[k][i], Is.EqualTo(expected[k][i]).Within(2e-6), $"slot {k}, element {i}");
        }
    }

    [TestCaseSource(nameof(Ops))]
    public void WidthAndThreadsDoNotMatter(string op)
    {
        VectorWidth before = Simd.Width;
        try
        {
            float[][]? first = null;
            foreach (VectorWidth width in (VectorWidth[])[VectorWidth.V128, VectorWidth.V256, VectorWidth.V512])
            {
                Simd.Width = width;
                foreach (int threads in (int[])[1, 2, 3, 7])
                {
                    float[][] found = Array.ConvertAll(Run<float>(op, Start(), new SessionOptions { Threads = threads }), values => values.ToArray<float>());
                    first ??= found;
                    for (int k = 0; k < found.Length; k++) Assert.That(found[k].AsSpan().SequenceEqual(first[k]), $"{width}, {threads} threads, slot {k}");
                }
            }
        }
        finally
        {
            Simd.Width = before;
        }
    }

    [Test]
    public void GradientOfAnotherShapeIsRefused()
    {
        var graph = new Graph();
        Tensor variable = graph.VariableV2(DType.Float32, new Shape(3), "v"), rate = graph.Constant(0.1f);

        Assert.That(() => StateOps.ApplyGradientDescent(variable, rate, graph.Constant(new float[] { 1, 2 })), Throws.TypeOf<GraphException>().With.Message.Contain("[3]").Or.Message.Contain("[2]"));
        Assert.That(() => StateOps.ApplyGradientDescent(ArrayOps.Identity(variable), rate, graph.Constant(new float[] { 1, 2, 3 })), Throws.TypeOf<GraphException>().With.Message.Contain("reference"));
    }

    [Test]
    public void AdditionAndSubtractionInEveryType()
    {
        foreach (DType type in NumberTypes.All)
        {
            var graph = new Graph();
            Tensor variable = graph.VariableV2(type, new Shape(2), "v");
            Tensor start = StateOps.Assign(variable, MathOps.Cast(graph.Constant(new[] { 5, 7 }), type));
            Tensor add = StateOps.AssignAdd(variable, MathOps.Cast(graph.Constant(new[] { 2, 3 }), type)), sub = StateOps.AssignSub(variable, MathOps.Cast(graph.Constant(new[] { 1, 10 }), type));
            using var session = new Session(graph);
            session.Run(start.Op);
            session.Run(add.Op);
            Assert.That(session.Run(MathOps.Cast(variable, DType.Int32)).ToArray<int>(), Is.EqualTo(new[] { 7, 10 }), type.Name());
            session.Run(sub.Op);
            Assert.That(session.Run(MathOps.Cast(variable, DType.Int32)).ToArray<int>(), Is.EqualTo(new[] { 6, 0 }), type.Name());
        }
    }

    [Test]
    public void VariableKnowsWhetherItHasAValue()
    {
        var graph = new Graph();
        Tensor variable = graph.VariableV2(DType.Float32, new Shape(2), "v");
        Tensor initialized = StateOps.IsVariableInitialized(variable), assign = StateOps.Assign(variable, new float[] { 1, 2 });
        using var session = new Session(graph);

        Assert.That(session.Run(initialized).ToArray<bool>()[0], Is.False);
        session.Run(assign.Op);
        Assert.That(session.Run(initialized).ToArray<bool>()[0], Is.True);
    }

    private static double Gradient(int i) => ((i * 7919 % 1000) - 500) / 400.0;

    // Variable and three slots; mean squares are positive and above the squared mean.
    private static double[][] Start() =>
    [
        [.. Enumerable.Range(0, Count).Select(i => (float)Math.Sin(i))],
        [.. Enumerable.Range(0, Count).Select(i => (float)(0.3 + (0.2 * Math.Cos(i))))],
        [.. Enumerable.Range(0, Count).Select(i => (float)(1.5 + (0.5 * Math.Sin(3 * i))))],
        [.. Enumerable.Range(0, Count).Select(i => (float)(0.1 * Math.Cos(5 * i)))],
    ];

    private static void Formula(string op, double[] s, double g)
    {
        const double Rate = 0.125, Momentum = 0.75, Beta1 = 0.25, Beta2 = 0.875, Power1 = 0.5, Power2 = 0.75, Epsilon = 0.0078125;
        double alpha = Rate * Math.Sqrt(1 - Power2) / (1 - Power1);
        switch (op)
        {
            case "GradientDescent":
                s[0] -= Rate * g;
                break;
            case "Momentum" or "MomentumNesterov":
                s[1] = (s[1] * Momentum) + g;
                s[0] -= op == "Momentum" ? Rate * s[1] : (Rate * g) + (Rate * Momentum * s[1]);
                break;
            case "Adam" or "AdamNesterov":
                s[1] += (g - s[1]) * (1 - Beta1);
                s[2] += ((g * g) - s[2]) * (1 - Beta2);
                s[0] -= alpha * (op == "Adam" ? s[1] : (g * (1 - Beta1)) + (Beta1 * s[1])) / (Math.Sqrt(s[2]) + Epsilon);
                break;
            case "RMSProp":
                s[1] += ((g * g) - s[1]) * (1 - Beta2);
                s[2] = (s[2] * Momentum) + (Rate * g / Math.Sqrt(s[1] + Epsilon));
                s[0] -= s[2];
                break;
            case "CenteredRMSProp":
                s[2] += ((g * g) - s[2]) * (1 - Beta2);
                s[1] += (g - s[1]) * (1 - Beta2);
                s[3] = (s[3] * Momentum) + (Rate * g / Math.Sqrt(s[2] - (s[1] * s[1]) + Epsilon));
                s[0] -= s[3];
                break;
            default:
                s[1] += g * g;
                s[0] -= Rate * g / Math.Sqrt(s[1]);
                break;
        }
    }

    private static NDArray[] Run<T>(string op, double[][] start, SessionOptions options)
        where T : unmanaged
    {
        var graph = new Graph();
        DType type = DTypes.Of<T>();
        Tensor[] v = [.. start.Select((_, k) => graph.VariableV2(type, new Shape(Count), $"v{k}"))];
        Tensor g = graph.Placeholder(type, new Shape(Count), "g");
        Tensor step = Step(op, v, g, value => graph.Constant(TensorData.Scalar(type == DType.Float32 ? (T)(object)(float)value : (T)(object)value)));
        using var session = new Session(graph, options);
        for (int k = 0; k < v.Length; k++) session.Run(StateOps.Assign(v[k], Values<T>(i => start[k][i])).Op);
        session.Run(step.Op, new Feeds { [g] = Values<T>(Gradient) });
        return session.Run([.. v.Select(each => ArrayOps.Identity(each))]);
    }

    private static NDArray Values<T>(Func<int, double> values)
        where T : unmanaged => typeof(T) == typeof(float)
        ? OpRun.Of([.. Enumerable.Range(0, Count).Select(i => (float)values(i))], Count)
        : OpRun.Of([.. Enumerable.Range(0, Count).Select(values)], Count);

    private static Tensor Step(string op, Tensor[] v, Tensor g, Func<double, Tensor> number) => op switch
    {
        "GradientDescent" => StateOps.ApplyGradientDescent(v[0], number(0.125), g),
        "Momentum" => StateOps.ApplyMomentum(v[0], v[1], number(0.125), g, number(0.75)),
        "MomentumNesterov" => StateOps.ApplyMomentum(v[0], v[1], number(0.125), g, number(0.75), useNesterov: true),
        "Adam" => StateOps.ApplyAdam(v[0], v[1], v[2], number(0.5), number(0.75), number(0.125), number(0.25), number(0.875), number(0.0078125), g),
        "AdamNesterov" => StateOps.ApplyAdam(v[0], v[1], v[2], number(0.5), number(0.75), number(0.125), number(0.25), number(0.875), number(0.0078125), g, useNesterov: true),
        "RMSProp" => StateOps.ApplyRMSProp(v[0], v[1], v[2], number(0.125), number(0.875), number(0.75), number(0.0078125), g),
        "CenteredRMSProp" => StateOps.ApplyCenteredRMSProp(v[0], v[1], v[2], v[3], number(0.125), number(0.875), number(0.75), number(0.0078125), g),
        _ => StateOps.ApplyAdagrad(v[0], v[1], number(0.125), g),
    };
}
