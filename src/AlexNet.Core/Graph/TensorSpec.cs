namespace AlexNetTF;

/// <summary>Element type and shape of an operation's input or output.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Shape">What is known of the shape.</param>
/// <param name="IsReference">Whether the output is a variable's memory itself, TensorFlow 1's reference type.</param>
public readonly record struct TensorSpec(DType Type, Shape Shape, bool IsReference = false);
