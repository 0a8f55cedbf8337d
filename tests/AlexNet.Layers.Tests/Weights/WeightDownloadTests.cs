using System.Security.Cryptography;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Weights;

public sealed class WeightDownloadTests
{
    private static readonly byte[] Content = Recipe.Bytes("download", 700_000);

    [Test]
    public async Task A_file_is_fetched_once_and_source_and_size_are_said_first()
    {
        using var folder = new TempFolder();
        using var server = new LoopbackServer(request => request.SendFileAsync(Content));
        var progress = new Recorder();
        string path = await Download(server, folder, progress).RunAsync(default);
        await Download(server, folder, progress).RunAsync(default);
        Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(Content));
        Assert.That(server.Requests, Is.EqualTo(1));
        Assert.That(progress.All[0], Is.EqualTo(new WeightDownloadProgress(server.Address, 0, Content.Length)));
        Assert.That(progress.All[^1].Received, Is.EqualTo(Content.Length));
        Assert.That(Names(folder), Is.EquivalentTo((string[])["weights.npy", "weights.npy.lock"]));
    }

    [Test]
    public async Task A_connection_that_breaks_off_is_resumed_where_it_broke()
    {
        using var folder = new TempFolder();
        var from = new List<int>();
        using var server = new LoopbackServer(request =>
        {
            from.Add(request.From);
            return request.Number < 4
                ? request.From == 0
                    ? request.SendAsync("200 OK", $"Content-Length: {Content.Length}\r\nETag: \"a\"\r\n", Content.AsMemory(0, 100_000))
                    : request.SendAsync("206 Partial Content", $"Content-Length: {Content.Length - request.From}\r\nContent-Range: bytes {request.From}-{Content.Length - 1}/{Content.Length}\r\n", Content.AsMemory(request.From, 100_000))
                : request.SendFileAsync(Content);
        });
        string path = await Download(server, folder).RunAsync(default);
        Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(Content));
        Assert.That(from, Is.EqualTo((int[])[0, 100_000, 200_000, 300_000]));
    }

    [Test]
    public async Task A_later_call_goes_on_with_what_an_earlier_one_received()
    {
        using var folder = new TempFolder();
        using (var server = new LoopbackServer(request => request.Number == 1
            ? request.SendAsync("200 OK", $"Content-Length: {Content.Length}\r\nETag: \"a\"\r\n", Content.AsMemory(0, 300_000))
            : request.SendAsync("503 Busy", "Content-Length: 0\r\n", default)))
        {
            Assert.That(await FailureAsync(server, folder), Does.Contain("300,000 bytes received").And.Contain("503"));
        }

        var from = new List<int>();
        using var other = new LoopbackServer(request =>
        {
            from.Add(request.From);
            Assert.That(request.Head, Does.Contain("If-Range: \"a\""));
            return request.SendFileAsync(Content);
        });
        string path = await Download(other, folder).RunAsync(default);
        Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(Content));
        Assert.That(from, Is.EqualTo((int[])[300_000]));
    }

    [Test]
    public async Task A_server_that_falls_silent_is_asked_again()
    {
        using var folder = new TempFolder();
        using var server = new LoopbackServer(async request =>
        {
            if (request.Number > 1)
            {
                await request.SendFileAsync(Content);
                return;
            }

            await request.SendAsync("200 OK", $"Content-Length: {Content.Length}\r\n", Content.AsMemory(0, 1_000));
            await Task.Delay(Timeout.Infinite, request.Stop);
        });
        string path = await Download(server, folder).RunAsync(default);
        Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(Content));
        Assert.That(server.Requests, Is.EqualTo(2));
    }

    [Test]
    public async Task A_server_that_never_answers_is_given_up()
    {
        using var folder = new TempFolder();
        using var server = new LoopbackServer(request => Task.Delay(Timeout.Infinite, request.Stop));
        Assert.That(
            await FailureAsync(server, folder),
            Does.Contain("gave up after 3 tries without a byte").And.Contain(server.Address.ToString()).And.Contain("put it at " + folder.Path));
    }

    [Test]
    public async Task Other_bytes_never_get_the_files_name()
    {
        using var folder = new TempFolder();
        byte[] other = [.. Content];
        other[^1] ^= 1;
        using var server = new LoopbackServer(request => request.SendFileAsync(other));
        string message = await FailureAsync(server, folder);
        Assert.That(message, Does.Contain(Hash(Content)).And.Contain(Hash(other)));
        Assert.That(Names(folder), Has.No.Member("weights.npy"));
        Assert.That(new FileInfo(folder["weights.npy.part"]).Length, Is.Zero);
    }

    [Test]
    public async Task A_part_of_another_file_is_dropped_and_fetched_anew()
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder["weights.npy.part"], new byte[5_000]);
        using var server = new LoopbackServer(request => request.SendFileAsync(Content));
        string path = await Download(server, folder).RunAsync(default);
        Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(Content));
    }

    [Test]
    public async Task A_part_that_was_whole_already_is_only_checked()
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder["weights.npy.part"], Content);
        using var server = new LoopbackServer(request => request.SendFileAsync(Content));
        Assert.That(await File.ReadAllBytesAsync(await Download(server, folder).RunAsync(default)), Is.EqualTo(Content));
        Assert.That(server.Requests, Is.EqualTo(1));
    }

    [TestCase(-1)]
    [TestCase(1)]
    public async Task A_length_that_is_a_lie_does_not_pass(int lie)
    {
        using var folder = new TempFolder();
        using var server = new LoopbackServer(request => request.From == 0
            ? request.SendAsync("200 OK", $"Content-Length: {Content.Length + lie}\r\n", Content)
            : request.SendAsync("404 Not Found", "Content-Length: 0\r\n", default));
        await FailureAsync(server, folder);
        Assert.That(Names(folder), Has.No.Member("weights.npy"));
    }

    [Test]
    public async Task Without_a_stated_length_the_end_of_the_connection_is_the_end()
    {
        using var folder = new TempFolder();
        using var server = new LoopbackServer(request => request.SendAsync("200 OK", "", Content));
        var progress = new Recorder();
        Assert.That(await File.ReadAllBytesAsync(await Download(server, folder, progress).RunAsync(default)), Is.EqualTo(Content));
        Assert.That(progress.All[0].Total, Is.Null);
    }

    [TestCase("Content-Length: 8589934592\r\n", "8,589,934,592 bytes")]
    public async Task An_absurd_size_is_refused_before_its_bytes(string header, string reason)
    {
        using var folder = new TempFolder();
        using var server = new LoopbackServer(request => request.SendAsync("200 OK", header, new byte[10]));
        Assert.That(await FailureAsync(server, folder), Does.Contain(reason));
    }

    [Test]
    public async Task Another_range_than_the_one_asked_for_is_refused()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["weights.npy.part"], Content[..1_000]);
        using var server = new LoopbackServer(request => request.SendAsync("206 Partial Content", $"Content-Length: 10\r\nContent-Range: bytes 0-9/{Content.Length}\r\n", Content.AsMemory(0, 10)));
        Assert.That(await FailureAsync(server, folder), Does.Contain("from byte 1,000 on"));
    }

    [Test]
    public async Task A_file_that_is_gone_is_said_at_once()
    {
        using var folder = new TempFolder();
        using var server = new LoopbackServer(request => request.SendAsync("404 Not Found", "Content-Length: 0\r\n", default));
        Assert.That(await FailureAsync(server, folder), Does.Contain("404").And.Contain("weights verify"));
        Assert.That(server.Requests, Is.EqualTo(1));
    }

    [Test]
    public async Task Cancelling_keeps_what_was_received()
    {
        using var folder = new TempFolder();
        using var cancel = new CancellationTokenSource();
        using var server = new LoopbackServer(async request =>
        {
            await request.SendAsync("200 OK", $"Content-Length: {Content.Length}\r\n", Content.AsMemory(0, 200_000));
            await Task.Delay(Timeout.Infinite, request.Stop);
        });
        var progress = new Recorder { OnReport = report => _ = report.Received == 200_000 ? cancel.CancelAsync() : Task.CompletedTask };
        await Assert.CatchAsync<OperationCanceledException>(() => Download(server, folder, progress).RunAsync(cancel.Token));
        Assert.That(await File.ReadAllBytesAsync(folder["weights.npy.part"]), Is.EqualTo(Content[..200_000]));
    }

    [Test]
    public async Task Two_at_once_download_once()
    {
        using var folder = new TempFolder();
        using var server = new LoopbackServer(async request =>
        {
            await Task.Delay(100, request.Stop);
            await request.SendFileAsync(Content);
        });
        string[] paths = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Download(server, folder).RunAsync(default))));
        Assert.That(paths.Distinct(), Has.One.Items);
        Assert.That(server.Requests, Is.EqualTo(1));
    }

    private static async Task<string> FailureAsync(LoopbackServer server, TempFolder folder) =>
        (await Assert.ThrowsAsync<WeightDownloadException>(() => Download(server, folder).RunAsync(default)))!.Message;

    private static WeightDownload Download(LoopbackServer server, TempFolder folder, IProgress<WeightDownloadProgress>? progress = null) => new(
        new KnownWeightFile
        {
            Name = "weights",
            FileName = "weights.npy",
            Description = "",
            Source = server.Address,
            Topology = "Bvlc",
            Sha256 = Hash(Content),
        },
        folder.Path,
        progress)
    {
        StallTimeout = TimeSpan.FromSeconds(1.5),
        FirstPause = TimeSpan.FromMilliseconds(10),
        FruitlessTries = 3,
    };

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static IEnumerable<string?> Names(TempFolder folder) => Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName);

    /// <summary>Keeps reports in order; Progress would post them elsewhere.</summary>
    private sealed class Recorder : IProgress<WeightDownloadProgress>
    {
        public List<WeightDownloadProgress> All { get; } = [];

        public Action<WeightDownloadProgress> OnReport { get; init; } = _ => { };

        public void Report(WeightDownloadProgress value)
        {
            All.Add(value);
            OnReport(value);
        }
    }
}
