# A worker under a supervisor, as a release would run it: elixir router.exs
require Logger
Logger.configure_backend(:console, format: "$time [$level] $metadata$message\n", metadata: [:pid])

defmodule Parcel.Router do
  use GenServer
  require Logger
  def start_link(mode), do: GenServer.start_link(__MODULE__, mode, name: __MODULE__)
  def init(mode) do
    Logger.info("router up, mode #{mode}")
    send(self(), {:parcel, 1})
    {:ok, %{mode: mode, routed: 0}}
  end
  def handle_info({:parcel, n}, state) do
    depot = depot(state.mode, n)
    Logger.info("parcel #{n} to depot #{depot}")
    if rem(n, 4) == 0, do: Logger.warn("depot #{depot} answered late (412 ms)")
    Process.send_after(self(), {:parcel, n + 1}, 120)
    {:noreply, %{state | routed: state.routed + 1}}
  end
  defp depot("zip", n) when rem(n, 9) == 0, do: zone(nil)
  defp depot("once", 7) do
    if :ets.insert_new(:seen, {:once, true}), do: raise("depot table is being rebuilt"), else: "HAM"
  end
  defp depot(_, n), do: zone(rem(n, 3))
  defp zone(0), do: "HAM"
  defp zone(1), do: "LEJ"
  defp zone(2), do: "MUC"
end

mode = System.fetch_env!("PARCEL_MODE")
region = System.fetch_env!("PARCEL_REGION")
:ets.new(:seen, [:named_table, :public])
Logger.info("parcel router 2.4 for region #{region}")
Supervisor.start_link([{Parcel.Router, mode}], strategy: :one_for_one, max_restarts: 2, max_seconds: 30)
Process.sleep(String.to_integer(System.get_env("PARCEL_SECONDS", "6")) * 1000)
