using System.Numerics;

namespace AlexNetTF;

/// <summary>
/// Output 0: the losses Σ labels·(log Σ exp(z) − z) with z = logits − max; output 1: what the gradient needs,
/// softmax − labels. Sizes of 1 are repeated as in broadcasting.
/// </summary>
internal sealed class SoftmaxCrossEntropyWithLogitsOp : OpDef, IFloatingKernel
{
    public override string Type => "SoftmaxCrossEntropyWithLogits";

    public override Gradient Gradient => Gradient.Of((op, dy) =>
    {
        Tensor logits = op.Inputs[0];
        Tensor gradient = Nn.TimesRows(dy[0], op.Outputs[1]);
        if (!IsZero(dy[1]))
        {
            // The second derivative: that of softmax.
            Tensor softmax = Nn.Softmax(logits);
            gradient += (dy[1] - MathOps.Sum(dy[1] * softmax, -1, keepDims: true)) * softmax;
        }

        return [gradient, Nn.TimesRows(dy[0], -Nn.LogSoftmax(logits))];
    });

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        DType type = NumericKernel.RequireFloating(inputs);
        inputs.SameType(0, 1);
        Shape logits = inputs.WithRank(0, 2);
        Shape labels = inputs.WithRank(1, 2);
        Shape both = new(Broadcast(0), Broadcast(1));
        return [new(type, both.Slice(0, 1)), new(type, both)];

        int? Broadcast(int dimension)
        {
            int? left = logits[dimension];
            int? right = labels[dimension];
            if (left is null or 1) return left is null && right is 1 ? null : right ?? left;
            if (right is null or 1 || left == right) return left;
            throw inputs.Error($"logits and labels must have the same sizes, or 1; they have {logits} and {labels}");
        }
    }

    public override Kernel CreateKernel(KernelSpec spec) => NumericKernel.OfFloating(this, spec);

    public Kernel Create<T>(KernelSpec spec)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => new Rows<T>(spec);

    private static bool IsZero(Tensor gradient) => gradient.Op.Type == "ZerosLike"
        || (StaticValues.Constant(gradient) is { Type: DType.Float32 } value && !value.AsSpan<float>().ContainsAnyExcept(0f));

    private sealed class Rows<T>(KernelSpec spec) : Kernel
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly int rows = spec.Output(1).Dimensions[0];
        private readonly int classes = spec.Output(1).Dimensions[1];
        private readonly TensorInfo logits = spec.Input(0);
        private readonly TensorInfo labels = spec.Input(1);

        // Two rows: the logits and z.
        public override long WorkspaceBytes => 2L * classes * spec.Input(0).Type.Size();

        public override void Run(KernelContext context)
        {
            Span<T> scratch = context.Scratch<T>(2 * classes);
            Span<T> x = scratch[..classes];
            Span<T> z = scratch[classes..];
            for (int row = 0; row < rows; row++)
            {
                // The labels lie in the second output until the softmax takes their place.
                Span<T> backprop = context.Output<T>(1).Slice(row * classes, classes);
                Row(context.Input<T>(0), logits, row, x);
                Row(context.Input<T>(1), labels, row, backprop);
                context.Output<T>(0)[row] = classes == 0 ? T.Zero : Loss(x, z, backprop);
            }
        }

        private static T Loss(Span<T> x, Span<T> z, Span<T> backprop)
        {
            T sum = T.CreateTruncating(SoftmaxRows.Exponentials<T>(x, z, x));
            T log = T.Log(sum);
            double loss = 0;
            for (int c = 0; c < z.Length; c++)
            {
                T label = backprop[c];
                loss += double.CreateTruncating(label * (log - z[c]));
                backprop[c] = (x[c] / sum) - label;
            }

            return T.CreateTruncating(loss);
        }

        private static void Row(ReadOnlySpan<T> values, TensorInfo info, int row, Span<T> target)
        {
            int width = info.Dimensions[1];
            ReadOnlySpan<T> source = values.Slice((info.Dimensions[0] == 1 ? 0 : row) * width, width);
            if (width == target.Length) source.CopyTo(target);
            else target.Fill(source[0]);
        }
    }
}
