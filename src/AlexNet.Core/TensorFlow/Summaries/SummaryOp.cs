using System.Text;
using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using Google.Protobuf;
using SummaryProto = AlexNetTF.TensorFlow.Protos.Summary;

namespace AlexNetTF;

/// <summary>An op that makes a Summary message of a tag (input 0) and numbers (input 1).</summary>
internal abstract class SummaryOp : OpDef
{
    public override Gradient Gradient => Gradient.None("a summary is a string");

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[1].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        if (inputs[0].Type != DType.String) throw inputs.Error("the tag must be a string");
        if (inputs[1].Type is DType.String or DType.Bool) throw inputs.Error("a summary shows numbers; convert them with MathOps.Cast");
        Check(inputs);
        return [new(DType.String, Shape.Scalar)];
    }

    public override Kernel CreateKernel(KernelSpec spec) => Kernel.Of(context =>
    {
        var summary = new SummaryProto();
        Fill(summary, context);
        context.SetOutputString(0, 0, summary.ToByteArray());
    });

    /// <summary>The rule for the shapes.</summary>
    protected abstract void Check(InferenceContext inputs);

    /// <summary>Adds the values.</summary>
    protected abstract void Fill(SummaryProto summary, KernelContext context);

    protected static string Tag(KernelContext context, int index = 0) => Encoding.UTF8.GetString(context.InputString(0, index));

    /// <summary>One number of input 1.</summary>
    protected static double Number(KernelContext context, int index) => context.InputInfo(1).Type switch
    {
        DType.Float32 => context.Input<float>(1)[index],
        DType.Float64 => context.Input<double>(1)[index],
        DType.Int32 => context.Input<int>(1)[index],
        DType.Int64 => context.Input<long>(1)[index],
        DType.Int16 => context.Input<short>(1)[index],
        DType.Int8 => context.Input<sbyte>(1)[index],
        _ => context.Input<byte>(1)[index],
    };
}
