namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>Several tensors as they are (<c>tf.identity_n</c>); whoever takes one waits for all.</summary>
    public static IReadOnlyList<Tensor> IdentityN(IReadOnlyList<Tensor> inputs, string? name = null) =>
        inputs[0].Graph.AddOperation(new IdentityNOp(), inputs, name).Outputs;
}

internal sealed class IdentityNOp : OpDef
{
    public override string Type => "IdentityN";

    public override Gradient Gradient => Gradient.Of((op, dy) => dy);

    public override void DescribeAttributes(AttributeMap attributes, Operation op) =>
        attributes.Add("T", [.. op.Inputs.Select(input => input.DType)]);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [.. Enumerable.Range(0, inputs.Count).Select(i => inputs[i])];

    public override Kernel CreateKernel(KernelSpec spec) => new CopyKernel(spec.OutputCount);

    internal override Shape? InferValue(InferenceContext inputs, int output) => inputs.Sizes(output);

    // The types may differ, so each output has an element size of its own.
    private sealed unsafe class CopyKernel(int count) : Kernel
    {
        public override void Run(KernelContext context)
        {
            for (int i = 0; i < count; i++)
            {
                long bytes = context.OutputInfo(i).Bytes;
                Buffer.MemoryCopy(context.InputPointer(i), context.OutputPointer(i), bytes, bytes);
            }
        }
    }
}
