using AlexNetTF;
using AlexNetTF.Benchmarks;

// [--rows batch-1,step-all] [--runs n] [--json]: this library beside ONNX Runtime and TensorFlow, in turn, in one run.
// TensorFlow is found as everywhere (ALEXNET_LIBTENSORFLOW); where it is missing, its columns are empty and the reason is shown.
TensorFlowLibrary.UsesOneDnn = true; // as TensorFlow does where it is installed by itself
if (args is [ChildProcess.Mark, var what, var argument])
{
    ChildProcess.Work(what, argument);
    return;
}

if (args is [SideProcess.Mark, var side])
{
    SideProcess.Serve(side);
    return;
}

string Option(string name, string value) => Array.IndexOf(args, name) is >= 0 and int i && i + 1 < args.Length ? args[i + 1] : value;
string[] wanted = Option("--rows", "").Split(',', StringSplitOptions.RemoveEmptyEntries);
var comparison = new Comparison(int.Parse(Option("--runs", "9")), Console.Error.WriteLine);
Comparison.Require(wanted);
using var table = new ResultTable(args.Contains("--json"));
foreach (Row row in comparison.Rows(wanted)) table.Add(row);
