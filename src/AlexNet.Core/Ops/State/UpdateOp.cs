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
    public abstract int GradientInput { get; }

    /// <summary>Whether the float32 kernel is an <see cref="UpdateKernel"/>, which takes the gradient piece by piece too.</summary>
    public virtual bool WorksInPieces => true;

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
}

/// <summary>Runs an update on the whole variable, or on a piece of it for a gradient that is made piece by piece.</summary>
internal abstract unsafe class UpdateKernel : Kernel
{
    public override int AliasedInput => 0;

    /// <summary>Changes float32 elements <paramref name="start"/> and following.</summary>
    /// <param name="context">The run: variable and slots are the first inputs, the numbers where the op has them.</param>
    /// <param name="gradient">The piece's gradient.</param>
    /// <param name="start">The first element.</param>
    /// <param name="count">How many.</param>
    public abstract void Apply(KernelContext context, float* gradient, long start, long count);
}

/// <summary>Runs a rule; see <see cref="UpdateOp.Make"/>.</summary>
internal sealed unsafe class UpdateKernel<TRule>(DType type, int gradient, Func<KernelContext, UpdateNumbers> numbers) : UpdateKernel
    where TRule : struct, IUpdateRule
{
    public override void Run(KernelContext context)
    {
        long count = context.InputInfo(0).Count;
        if (type == DType.Float32) Apply(context, (float*)context.InputPointer(gradient), 0, count);
        else VariableUpdate.Run<TRule>(At<double>(context, 0, 0), At<double>(context, 1, 0), At<double>(context, 2, 0), (double*)context.InputPointer(gradient), count, numbers(context));
    }

    public override void Apply(KernelContext context, float* gradient, long start, long count) =>
        VariableUpdate.Run<TRule>(At<float>(context, 0, start), At<float>(context, 1, start), At<float>(context, 2, start), gradient, count, numbers(context), context.Threads);

    // Variable (0) or slot (1, 2); null where the rule has none.
    private static T* At<T>(KernelContext context, int input, long start)
        where T : unmanaged => input > TRule.Slots ? null : (T*)context.InputPointer(input) + start;
}
