using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

/// <summary>Adds the gradients of a mirrored border to those of the elements that it shows.</summary>
internal sealed class MirrorPadGradOp(PadMode mode) : OpDef
{
    public override string Type => "MirrorPadGrad";

    public override Gradient Gradient => Gradient.Of((op, dy) =>
        [op.Graph.Add(new MirrorPadOp(mode), [dy[0], op.Inputs[1]]), null]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        PadRule.Describe(attributes, op);
        attributes.Add("mode", MirrorBoxes.NameOf(mode));
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => inputs[0].Type == DType.Bool
        ? throw inputs.Error("input 0 must hold numbers, not bool")
        : [inputs[0] with { Shape = PadRule.Infer(inputs, sign: -1) }];

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type switch
    {
        DType.Float32 => new SumKernel<float>(spec, mode),
        DType.Float64 => new SumKernel<double>(spec, mode),
        DType.Int64 => new SumKernel<long>(spec, mode),
        DType.Int32 => new SumKernel<int>(spec, mode),
        DType.Int16 => new SumKernel<short>(spec, mode),
        DType.Int8 => new SumKernel<sbyte>(spec, mode),
        _ => new SumKernel<byte>(spec, mode),
    };

    private sealed unsafe class SumKernel<T>(KernelSpec spec, PadMode mode) : Kernel
        where T : unmanaged, INumber<T>
    {
        private readonly MirrorPart[][] boxes = [.. MirrorBoxes.Of(spec, spec.Output(0).Dims, mode)];
        private readonly long[] outer = StridedCopy.RowMajor(spec.Input(0).Dims);
        private readonly long[] inner = StridedCopy.RowMajor(spec.Output(0).Dims);

        public override void Run(KernelContext context)
        {
            context.Output<T>(0).Clear();
            foreach (MirrorPart[] box in boxes) Add(box, 0, (T*)context.InputPointer(0), (T*)context.OutputPointer(0));
        }

        private void Add(MirrorPart[] box, int dimension, T* source, T* target)
        {
            if (dimension == box.Length)
            {
                *target += *source;
                return;
            }

            MirrorPart part = box[dimension];
            source += part.Outer * outer[dimension];
            target += part.Inner * inner[dimension];
            for (int i = 0; i < part.Length; i++)
            {
                Add(box, dimension + 1, source + (i * outer[dimension]), target + (i * part.Step * inner[dimension]));
            }
        }
    }
}
