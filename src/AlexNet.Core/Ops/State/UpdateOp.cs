using AlexNetTF.Kernels;

namespace AlexNetTF;

/// <summary>
/// An optimizer's update of a variable: inputs are the variable, its slots, then numbers (scalars) and the gradient in
/// the op's own order. The result is the variable's reference.
/// </summary>
internal abstract class UpdateOp : OpDef
{
    /// <summary>How many slots follow the variable among the inputs.</summary>
    protected abstract int Slots { get; }

    /// <summary>The gradient's place among the inputs.</summary>
    protected abstract int GradientInput { get; }

    public override IReadOnlyList<int> WrittenInputs => [.. Enumerable.Range(0, Slots + 1)];

    public override Gradient Gradient => Gradient.NotDifferentiable("an update changes a variable");

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("use_locking", false);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        DType type = inputs.SameType(0, inputs.Count - 1);
        if (!type.IsFloating()) throw inputs.Error($"updates work on float32 and float64, not on {type.Name()}");
        Shape shape = inputs[0].Shape;
        for (int i = 0; i < inputs.Count; i++)
        {
            if (i <= Slots && !inputs.IsReference(i)) throw inputs.Error($"input {i} must be a variable's reference, not a value read from it");
            if (i <= Slots || i == GradientInput)
            {
                shape = shape.MergeWith(inputs[i].Shape) ?? throw inputs.Error($"variable, slots and gradient must have one shape; input {i} has {inputs[i].Shape}");
            }
            else
            {
                inputs.WithRank(i, 0);
            }
        }

        return [new(type, shape, IsReference: true)];
    }

    /// <summary>The kernel that runs a rule; <paramref name="numbers"/> reads its numbers from the inputs.</summary>
    protected Kernel Make<TRule>(KernelSpec spec, Func<KernelContext, UpdateNumbers> numbers)
        where TRule : struct, IUpdateRule => new UpdateKernel<TRule>(spec.Input(0).Type, GradientInput, numbers);

    /// <summary>The value of a scalar input.</summary>
    protected static double Scalar(KernelContext context, int input) =>
        context.InputInfo(input).Type == DType.Float32 ? context.Input<float>(input)[0] : context.Input<double>(input)[0];

    private sealed unsafe class UpdateKernel<TRule>(DType type, int gradient, Func<KernelContext, UpdateNumbers> numbers) : Kernel
        where TRule : struct, IUpdateRule
    {
        public override int AliasedInput => 0;

        public override void Run(KernelContext context)
        {
            void* first = TRule.Slots > 0 ? context.InputPointer(1) : null;
            void* second = TRule.Slots > 1 ? context.InputPointer(2) : null;
            long count = context.InputInfo(0).Count;
            UpdateNumbers values = numbers(context);
            if (type == DType.Float32)
            {
                VariableUpdate.Run<TRule>((float*)context.InputPointer(0), (float*)first, (float*)second, (float*)context.InputPointer(gradient), count, values, context.Threads);
            }
            else
            {
                VariableUpdate.Run<TRule>((double*)context.InputPointer(0), (double*)first, (double*)second, (double*)context.InputPointer(gradient), count, values);
            }
        }
    }
}
