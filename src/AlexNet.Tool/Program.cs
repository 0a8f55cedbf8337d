using System.CommandLine;
using System.Runtime.InteropServices;
using AlexNetTF;
using AlexNetTF.Tool;

// alexnet COMMAND: results go to standard output, everything else to standard error.
// Exit code: 0 all done, 1 something failed (a picture, a file, a run), 2 bad usage.
RootCommand root = CommandLine.Create();
ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) Console.Error.WriteLine($"alexnet: {error.Message}");
    Console.Error.WriteLine($"Try 'alexnet {CommandLine.PathOf(parsed.CommandResult)}--help'.");
    return ExitCode.BadUsage;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first Ctrl-C lets the command end in order; a second one ends the process.
    pressed.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
};

// What a batch system sends before it takes the machine away.
using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
});

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupted.Token);
}
catch (UsageException error)
{
    Console.Error.WriteLine($"alexnet: {error.Message}");
    return ExitCode.BadUsage;
}
catch (OperationCanceledException error)
{
    // A command that knows how to go on says so in an exception around the canceller's.
    Console.Error.WriteLine($"alexnet: {(error.InnerException is OperationCanceledException ? error.Message : "interrupted")}");
    return ExitCode.Failed;
}
catch (Exception error) when (error is AlexNetException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"alexnet: {error.Message}");
    return ExitCode.Failed;
}
