using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using Google.Protobuf;
using SummaryProto = AlexNetTF.TensorFlow.Protos.Summary;

namespace AlexNetTF;

/// <summary>The values of several summaries in one; two of the same tag are refused.</summary>
internal sealed class MergeSummaryOp : OpDef
{
    public override string Type => "MergeSummary";

    public override Gradient Gradient => Gradient.None("a summary is a string");

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("N", op.Inputs.Count);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Type != DType.String) throw inputs.Error($"input {i} must be a summary, which is a string");
        }

        return [new(DType.String, Shape.Scalar)];
    }

    public override Kernel CreateKernel(KernelSpec spec) => Kernel.Of(context =>
    {
        var merged = new SummaryProto();
        var tags = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < spec.InputCount; i++)
        {
            for (int j = 0; j < context.InputInfo(i).Count; j++)
            {
                foreach (SummaryProto.Types.Value value in Parse(context, i, j).Value)
                {
                    if (!tags.Add(value.Tag)) throw context.Error($"the tag \"{value.Tag}\" occurs twice; give the summaries different names");
                    merged.Value.Add(value);
                }
            }
        }

        context.SetOutputString(0, 0, merged.ToByteArray());
    });

    private static SummaryProto Parse(KernelContext context, int input, int index)
    {
        try
        {
            return SummaryProto.Parser.ParseFrom(context.InputString(input, index));
        }
        catch (InvalidProtocolBufferException error)
        {
            throw context.Error($"input {input} holds no summary ({error.Message})");
        }
    }
}
