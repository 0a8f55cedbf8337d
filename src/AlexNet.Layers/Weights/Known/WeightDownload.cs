using System.Net;
using System.Net.Http.Headers;

namespace AlexNetTF;

/// <summary>
/// One download: into NAME.part, which a later try goes on with; checked and then renamed. Requests are repeated where
/// the connection fails or stalls, and start over where the server's file is another one by now.
/// </summary>
internal sealed class WeightDownload(KnownWeightFile file, string folder, IProgress<WeightDownloadProgress>? progress)
{
    // Far above any known file: what a server without a stated length may send.
    private const long MostBytes = 4L << 30;
    private const int MostTries = 20;

    private readonly string _target = Path.Combine(folder, file.FileName);
    private readonly string _part = Path.Combine(folder, file.FileName + ".part");
    private readonly string _lock = Path.Combine(folder, file.FileName + ".lock");
    private readonly string _tag = Path.Combine(folder, file.FileName + ".part.etag");

    /// <summary>How long the server may stay silent.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The pause before the second try; each further one doubles, up to a minute.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many tries in a row may bring nothing.</summary>
    public int FruitlessTries { get; init; } = 5;

    public async Task<string> RunAsync(CancellationToken token)
    {
        if (File.Exists(_target))
        {
            return _target;
        }

        Directory.CreateDirectory(folder);
        using FileStream alone = await LockAsync(token).ConfigureAwait(false);
        if (!File.Exists(_target))
        {
            await CompletePartAsync(token).ConfigureAwait(false);
            File.Move(_part, _target, overwrite: true);
            File.Delete(_tag);
        }

        return _target;
    }

    /// <summary>Waits while another process downloads the same file. The lock's file stays: deleting it could let two in.</summary>
    private async Task<FileStream> LockAsync(CancellationToken token)
    {
        while (true)
        {
            try
            {
                return new FileStream(_lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(_lock))
            {
                await Task.Delay(FirstPause, token).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Fetches what the part lacks and checks the whole. A part that an earlier call began may be of another file: then once more from the start.</summary>
    private async Task CompletePartAsync(CancellationToken token)
    {
        using var part = new FileStream(_part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1 << 16, useAsync: true);
        for (bool again = part.Length > 0; ; again = false)
        {
            await FetchAsync(part, token).ConfigureAwait(false);
            part.Flush(flushToDisk: true);
            WeightHashes hashes = WeightHashes.Of(part, token);
            if (file.Matches(hashes))
            {
                return;
            }

            Discard(part);
            if (!again)
            {
                throw Wrong(hashes);
            }
        }
    }

    private async Task FetchAsync(FileStream part, CancellationToken token)
    {
        using var handler = new SocketsHttpHandler { ConnectTimeout = StallTimeout, AutomaticDecompression = DecompressionMethods.None };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("AlexNet.TF");
        int fruitless = 0;
        TimeSpan pause = FirstPause;
        for (int tries = 1; ; tries++)
        {
            long before = part.Length;
            Exception failure;
            try
            {
                if (await TryAsync(client, part, token).ConfigureAwait(false))
                {
                    return;
                }

                failure = new IOException("the connection closed before the file's end");
            }
            catch (Exception e) when (IsTemporary(e, token))
            {
                failure = e;
            }

            (fruitless, pause) = part.Length > before ? (0, FirstPause) : (fruitless + 1, TimeSpan.FromSeconds(Math.Min(2 * pause.TotalSeconds, 60)));
            if (fruitless == FruitlessTries || tries == MostTries)
            {
                string received = part.Length == 0 ? "without a byte received" : $"with {part.Length:N0} bytes received, which the next call goes on with";
                throw new WeightDownloadException(
                    file.Source,
                    $"gave up after {tries} tries {received}: {failure.Message}. Check the connection and the proxy (HTTPS_PROXY), or fetch the file by other means and put it at {_target}.",
                    failure);
            }

            await Task.Delay(pause, token).ConfigureAwait(false);
        }
    }

    /// <summary>One request; true when the file is complete.</summary>
    private async Task<bool> TryAsync(HttpClient client, FileStream part, CancellationToken token)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(token);
        stall.CancelAfter(StallTimeout);
        using HttpRequestMessage request = Request(part.Length);
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return IsComplete(part, response);
        }

        RequireSuccess(response);
        long? total = Place(part, response);
        progress?.Report(new WeightDownloadProgress(file.Source, part.Length, total));
        using Stream body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
        await CopyAsync(body, part, total, stall).ConfigureAwait(false);
        return total is null || part.Length == total;
    }

    private HttpRequestMessage Request(long received)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, file.Source);
        if (received > 0)
        {
            request.Headers.Range = new RangeHeaderValue(received, null);
            if (File.Exists(_tag) && EntityTagHeaderValue.TryParse(File.ReadAllText(_tag), out EntityTagHeaderValue? tag) && !tag.IsWeak)
            {
                request.Headers.IfRange = new RangeConditionHeaderValue(tag);
            }
        }

        return request;
    }

    /// <summary>Asked for what follows its end: complete where the part has the size that the server states, else of another file.</summary>
    private bool IsComplete(FileStream part, HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentRange?.Length is long total && total == part.Length)
        {
            progress?.Report(new WeightDownloadProgress(file.Source, part.Length, total));
            return true;
        }

        Discard(part);
        return false;
    }

    /// <summary>Puts the write position where the body belongs, and gives the file's whole size.</summary>
    private long? Place(FileStream part, HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.PartialContent)
        {
            part.SetLength(0);
            File.WriteAllText(_tag, response.Headers.ETag?.ToString() ?? "");
        }
        else if (response.Content.Headers.ContentRange is not { From: long from } || from != part.Length)
        {
            throw new WeightDownloadException(file.Source, $"the server sent another part of the file than the one from byte {part.Length:N0} on that was asked for");
        }

        part.Position = part.Length;
        long? total = response.Content.Headers.ContentRange?.Length ?? part.Length + response.Content.Headers.ContentLength;
        return total is null or <= MostBytes
            ? total
            : throw new WeightDownloadException(file.Source, $"the server claims {total:N0} bytes, which no known file has");
    }

    private async Task CopyAsync(Stream body, FileStream part, long? total, CancellationTokenSource stall)
    {
        byte[] block = new byte[1 << 18];
        try
        {
            for (int count; (count = await body.ReadAsync(block, stall.Token).ConfigureAwait(false)) > 0;)
            {
                if (part.Length + count > (total ?? MostBytes))
                {
                    throw new WeightDownloadException(file.Source, $"the server sends more than the {total ?? MostBytes:N0} bytes that were to come");
                }

                await part.WriteAsync(block.AsMemory(0, count), stall.Token).ConfigureAwait(false);
                stall.CancelAfter(StallTimeout);
                progress?.Report(new WeightDownloadProgress(file.Source, part.Position, total));
            }
        }
        finally
        {
            await part.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private void RequireSuccess(HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        string problem = $"the server answered {status} {response.ReasonPhrase}";
        bool passes = status is 408 or 429 or >= 500;
        throw passes
            ? new HttpRequestException(problem)
            : new WeightDownloadException(file.Source, $"{problem}. Fetch {file.FileName} elsewhere and check it with 'alexnet weights verify'");
    }

    private void Discard(FileStream part)
    {
        part.SetLength(0);
        File.Delete(_tag);
    }

    private WeightDownloadException Wrong(WeightHashes hashes) => new(
        file.Source,
        $"the server sent another file: {file.ExpectedText} was to come{(file.Remark is null ? "" : $" ({file.Remark})")}, SHA-256 {hashes.Sha256} and SHA-1 {hashes.Sha1} came; it was deleted");

    private static bool IsTemporary(Exception e, CancellationToken token) =>
        !token.IsCancellationRequested && e is HttpRequestException or IOException or OperationCanceledException;
}
