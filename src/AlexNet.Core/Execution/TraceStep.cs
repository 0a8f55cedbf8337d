namespace AlexNetTF;

/// <summary>One step of a traced run.</summary>
/// <param name="Name">The operation's name; where a fusion made one step of several operations, the name of the last of them.</param>
/// <param name="Op">The op's type; a fusion joins the types that it replaced: <c>Conv2D+BiasAdd+Relu</c>.</param>
/// <param name="Device">Where it ran, as TensorFlow writes devices.</param>
/// <param name="Start">When it began, since the call of Run.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Outputs">Types and shapes of its outputs: <c>float32 [1,55,55,96]</c>, comma separated; empty without outputs.</param>
/// <param name="OutputBytes">The outputs' size in bytes.</param>
public sealed record TraceStep(string Name, string Op, string Device, TimeSpan Start, TimeSpan Duration, string Outputs, long OutputBytes);
