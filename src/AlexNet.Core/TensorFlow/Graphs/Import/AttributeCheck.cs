using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// Whether an imported operation is what the file says: its own attributes must be the file's. Attributes that begin with an
/// underscore are notes of programs to themselves; ones that this library does not have may hold their neutral value.
/// </summary>
internal static class AttributeCheck
{
    // They change no result here, or are read by the op's factory.
    private static readonly HashSet<string> WithoutEffect = new(StringComparer.Ordinal)
    {
        "use_locking", "use_cudnn_on_gpu", "validate_shape", "validate_indices", "container", "shared_name", "incompatible_shape_error", "value", "shape", "bad_color", "grad_a", "grad_b", "debug_name",
    };

    /// <summary>The difference, or null.</summary>
    public static string? Problem(NodeDef node, Operation op)
    {
        AttributeMap own = op.GetAttributes();
        foreach ((string name, AttrValue value) in node.Attr)
        {
            if (name.StartsWith('_') || WithoutEffect.Contains(name) || value.ValueCase == AttrValue.ValueOneofCase.None) continue;
            if (own[name] is { } mine)
            {
                AttrValue encoded = AttributeCodec.Encode(mine);
                if (!encoded.Equals(value)) return $"its attribute {name} is {value}; with these inputs the op has {encoded}.";
            }
            else if (!IsNeutral(value) && !IsDefault(name, value))
            {
                return $"its attribute {name} = {value} is not known to this library.";
            }
        }

        return null;
    }

    // ConcatOffset of 2.21 also takes int64.
    private static bool IsDefault(string name, AttrValue value) => name == "shape_type" && value.Type == DataType.DtInt32;

    private static bool IsNeutral(AttrValue value) => value.ValueCase switch
    {
        AttrValue.ValueOneofCase.S => value.S.IsEmpty,
        AttrValue.ValueOneofCase.I => value.I == 0,
        AttrValue.ValueOneofCase.F => value.F == 0,
        AttrValue.ValueOneofCase.B => !value.B,
        AttrValue.ValueOneofCase.List => value.List.CalculateSize() == 0,
        _ => false,
    };
}
