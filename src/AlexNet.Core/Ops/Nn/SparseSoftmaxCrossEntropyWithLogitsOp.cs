using System.Numerics;

namespace AlexNetTF;

/// <summary>
/// Output 0: the losses log Σ exp(z) − z[label] with z = logits − max; output 1: what the gradient needs, softmax − 1 at
/// the label, softmax elsewhere.
/// </summary>
internal sealed class SparseSoftmaxCrossEntropyWithLogitsOp : OpDef, IFloatingKernel
{
    private const string NoSecondDerivative =
        "Currently there is no way to take the second derivative of sparse_softmax_cross_entropy_with_logits due to the fused implementation's interaction with tf.gradients()";

    public override string Type => "SparseSoftmaxCrossEntropyWithLogits";

    public override Gradient Gradient => Gradient.Of((op, dy) =>
        [Nn.TimesRows(dy[0], ArrayOps.PreventGradient(op.Outputs[1], NoSecondDerivative)), null]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("Tlabels", op.Inputs[1].DType);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        DType type = NumericKernel.RequireFloating(inputs);
        if (inputs[1].Type is not (DType.Int32 or DType.Int64))
        {
            throw inputs.Error($"the labels must be class numbers of type int32 or int64; they are {inputs[1].Type.Name()}");
        }

        Shape logits = inputs.WithRank(0, 2);
        if (!logits.Slice(0, 1).IsCompatibleWith(inputs.WithRank(1, 1)))
        {
            throw inputs.Error($"there must be one label per row of the logits, {logits[0]}; there are {inputs[1].Shape[0]}");
        }

        if (logits[1] is 0) throw inputs.Error("the logits must have at least one class; they have 0");
        return [new(type, new Shape(logits[0] ?? inputs.WithRank(1, 1)[0])), new(type, logits)];
    }

    public override Kernel CreateKernel(KernelSpec spec) => NumericKernel.OfFloating(this, spec);

    public Kernel Create<T>(KernelSpec spec)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        int classes = spec.Input(0).Dimensions[1];
        return Kernel.Of(
            context =>
            {
                Span<T> losses = context.Output<T>(0);
                Span<T> z = context.Scratch<T>(classes);
                for (int row = 0; row < losses.Length; row++)
                {
                    Span<T> backprop = context.Output<T>(1).Slice(row * classes, classes);
                    losses[row] = Loss(context.Input<T>(0).Slice(row * classes, classes), LabelOf(context, row, classes), z, backprop);
                }
            },
            workspaceBytes: (long)classes * spec.Input(0).Type.Size());
    }

    private static T Loss<T>(ReadOnlySpan<T> x, int label, Span<T> z, Span<T> backprop)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T sum = T.CreateTruncating(SoftmaxRows.Exponentials(x, z, backprop));
        for (int c = 0; c < backprop.Length; c++) backprop[c] /= sum;
        backprop[label] -= T.One;
        return T.Log(sum) - z[label];
    }

    private static int LabelOf(KernelContext context, int row, int classes)
    {
        long label = context.InputInfo(1).Type == DType.Int32 ? context.Input<int>(1)[row] : context.Input<long>(1)[row];
        return label >= 0 && label < classes
            ? (int)label
            : throw context.Error($"label {label} of row {row} is no class: the logits have classes 0 to {classes - 1}");
    }
}
