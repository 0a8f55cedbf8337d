using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class Nn
{
    /// <summary>The rectifier's gradient: dx = dy·(x &gt; 0), so 0 at 0; <paramref name="features"/> may be its input or its output.</summary>
    internal static Tensor ReluGrad(Tensor gradients, Tensor features, string? name = null) =>
        gradients.Graph.Add(new ReluGradOp(), [gradients, features], name);
}

internal sealed class ReluGradOp : OpDef, INumericKernel
{
    public override string Type => "ReluGrad";

    public override Gradient Gradient => Gradient.Of((op, dy) => [Nn.ReluGrad(dy[0], op.Inputs[1]), ArrayOps.ZerosLike(op.Inputs[1])]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        NumericKernel.RequireNumbers(inputs);
        DType type = inputs.SameType(0, 1);
        return inputs[0].Shape.MergeWith(inputs[1].Shape) is { } shape
            ? [new(type, shape)]
            : throw inputs.Error($"gradients and features must have one shape; they have {inputs[0].Shape} and {inputs[1].Shape}");
    }

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type == DType.Float32 ? new Fast(spec) : NumericKernel.Of(this, spec);

    public Kernel Create<T>(KernelSpec spec)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => Kernel.Of(
            context =>
            {
                ReadOnlySpan<T> gradients = context.Input<T>(0);
                ReadOnlySpan<T> features = context.Input<T>(1);
                Span<T> result = context.Output<T>(0);
                for (int i = 0; i < result.Length; i++) result[i] = features[i] > T.Zero ? gradients[i] : gradients[i] * T.Zero;
            },
            elementwise: true);

    private sealed unsafe class Fast(KernelSpec spec) : Kernel
    {
        private const int BlockElements = 1 << 15;
        private readonly long count = spec.Output(0).Count;

        public override bool MayOverwrite(int input) => true;

        public override void Run(KernelContext context) => Workers.ForSimd(
            context.Threads,
            (int)((count + BlockElements - 1) / BlockElements),
            new Block((float*)context.InputPointer(0), (float*)context.InputPointer(1), (float*)context.OutputPointer(0), count));

        private readonly struct Block(float* gradients, float* features, float* result, long count) : ISimdBlock
        {
            public void Run<V>(int block)
                where V : struct, ISimd<V>
            {
                long i = (long)block * BlockElements;
                long end = Math.Min(count, i + BlockElements);
                for (; i + V.Width <= end; i += V.Width)
                {
                    V gradient = V.Load(gradients + i);
                    V.Store(V.Select(V.Greater(V.Load(features + i), V.Zero), gradient, V.Mul(gradient, V.Zero)), result + i);
                }

                for (; i < end; i++) result[i] = features[i] > 0 ? gradients[i] : gradients[i] * 0;
            }
        }
    }
}
