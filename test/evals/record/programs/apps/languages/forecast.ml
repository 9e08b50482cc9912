(* A demand forecast that reads its history: forecast MODE *)
let say fmt = Printf.ksprintf (fun s -> Printf.printf "%.0f forecast[%d] %s\n%!" (Unix.time ()) (Unix.getpid ()) s) fmt
let history = [ ("mug", [ 4; 6; 5 ]); ("lamp", [ 1; 0; 2 ]); ("chair", []) ]
let mean items = List.fold_left ( + ) 0 items / List.length items
let forecast name = mean (List.assoc name history)
let () =
  say "version 1.1, %d articles" (List.length history);
  List.iter (fun name -> say "article %s: %d a day" name (forecast name)) [ "mug"; "lamp" ];
  say "warning: article chair has no history in the last 90 days";
  if Array.length Sys.argv > 1 && Sys.argv.(1) = "all" then
    List.iter (fun (name, _) -> say "article %s: %d a day" name (forecast name)) history;
  say "forecast written"
