using AlexNetTF;
using AlexNetTF.Benchmarks;
using AlexNetTF.Kernels;
using BenchmarkDotNet.Running;

// peak [--threads n] [--batch 1,32,128] [--width 512|256|128] [--gradients] [--seconds s] [--only conv1] [--cpu-time]:
// the machine's limits and each kernel's share; with --gradients also direct gradients and the preparation of filters.
// peers [--batch 1,32,128] [--runs n] [--threads n] [--engines]: the whole network beside ONNX Runtime, and, where its library
// is, predictions and training steps beside TensorFlow's engine, turn by turn; --engines leaves ONNX Runtime out.
// training [--batch 32] [--runs n] [--threads n] [--data FOLDER]: a training step of all layers, of fc6-8, of fc8 on kept
// features; pictures per second of the input pipeline (folders of pictures, one per class).
// weights [--runs n] [--only safetensors] [--cpu-time]: loading 244 MB from every weight format beside reading the file's bytes, turn
// by turn; from safetensors also mapped, and one picture's call with either.
// steps [--batch 1,2,8] [--runs n] [--training] [--precision float32|int8] [--width 512|256|128]: the network's steps within whole calls
// (with --training those of a step of gradient descent on all layers), with
// one thread and with two in turn (medians), the rate of the heavy ones, what a call takes beside its steps, and what reading its weights takes alone.
// scaling [--plots docs] [--seconds s]: threads, batch 1 to 256, vector widths, 1 to 32 callers of a session, sizes of pictures: tables in
// Markdown, plots as scaling-*.svg in the folder.
// Anything else goes to BenchmarkDotNet, for example --filter *KernelBenchmarks*.
if (args is ["peers", ..])
{
    int[] batches = [.. Option("--batch", "1,32,128").Split(',').Select(int.Parse)];
    int runs = int.Parse(Option("--runs", "9")), threads = int.Parse(Option("--threads", "0"));
    if (!args.Contains("--engines")) PeerReport.Print(batches, runs, threads);
    EngineReport.Print(batches, runs, threads);
    return;
}

if (args is ["training", ..])
{
    TrainingReport.Print(int.Parse(Option("--batch", "32")), int.Parse(Option("--runs", "5")), int.Parse(Option("--threads", "0")), Option("--data", "samples/demo/fashion/train"));
    return;
}

if (args is ["weights", ..])
{
    Timing.ProcessorTime = args.Contains("--cpu-time");
    WeightLoadReport.Print(int.Parse(Option("--runs", "5")), Option("--only", ""));
    return;
}

if (args is ["scaling", ..])
{
    ScalingReport.Print(Option("--plots", "docs"), double.Parse(Option("--seconds", "0.5"), System.Globalization.CultureInfo.InvariantCulture));
    return;
}

if (args is ["steps", ..])
{
    if (Option("--width", "") is { Length: > 0 } bits)
        Simd.Width = Enum.Parse<VectorWidth>("V" + bits);
    StepReport.Print([.. Option("--batch", "1").Split(',').Select(int.Parse)], int.Parse(Option("--runs", "60")), Enum.Parse<Precision>(Option("--precision", "float32"), true), args.Contains("--training"));
    return;
}

if (args is not ["peak", ..])
{
    BenchmarkSwitcher.FromAssembly(typeof(KernelBenchmarks).Assembly).Run(args);
    return;
}

string Option(string name, string value) => Array.IndexOf(args, name) is >= 0 and int i && i + 1 < args.Length ? args[i + 1] : value;
if (Option("--width", "") is { Length: > 0 } width)
    Simd.Width = Enum.Parse<VectorWidth>("V" + width);
Timing.ProcessorTime = args.Contains("--cpu-time");
var report = new PeakReport(
    int.Parse(Option("--threads", "0")),
    double.Parse(Option("--seconds", "0.5"), System.Globalization.CultureInfo.InvariantCulture),
    Option("--only", ""));
report.Print([.. Option("--batch", "1,32,128").Split(',').Select(int.Parse)], args.Contains("--gradients"));
